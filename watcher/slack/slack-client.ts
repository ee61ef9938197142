import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import type { SlackMessage } from './message.ts';

export interface SlackSettings {
  readonly token: string;
  /** Id or #name. */
  readonly channel: string;
  readonly apiUrl: string;
  readonly timeoutMs: number;
}

export interface Place {
  readonly thread?: string | undefined;
  /** Shown in the channel too, not in the thread alone. */
  readonly broadcast?: boolean | undefined;
}

/** Why Slack did not take a message; never holds the token. */
export class SlackRefusal extends Error {
  override name = 'SlackRefusal';
  /** Slack's own word, `rate_limited`, `http_503` or `not_answered`. */
  readonly code: string;
  /** How long Slack asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface SlackClient {
  readonly channel: string;
  /** The `ts` of the message. Throws SlackRefusal. */
  post(message: SlackMessage, place: Place): Promise<string>;
  /** The workspace that the token is of. Throws SlackRefusal. */
  workspace(): Promise<string>;
}

/** The official client, without its own retries: they would hold up every other message, and nobody would hear of them. */
export function createSlackClient({ token, channel, apiUrl, timeoutMs }: SlackSettings): SlackClient {
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
  });
  return {
    channel,
    async post({ text, blocks }, { thread, broadcast = false }) {
      const common = {
        channel,
        text,
        blocks: [...blocks],
        parse: 'none',
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
      } as const;
      const answer = await refused(
        thread === undefined
          ? client.chat.postMessage(common)
          : broadcast
            ? client.chat.postMessage({ ...common, thread_ts: thread, reply_broadcast: true })
            : client.chat.postMessage({ ...common, thread_ts: thread }),
      );
      if (answer.ts === undefined) throw new SlackRefusal('no_ts', 'Slack took the message without a ts');
      return answer.ts;
    },
    async workspace() {
      return (await refused(client.auth.test())).team ?? '';
    },
  };
}

/** The client for whoever leads: without the lease a message is refused here, before it leaves. */
export function postingWhile(isHeld: () => boolean, client: SlackClient): SlackClient {
  return {
    ...client,
    post(message, place) {
      if (isHeld()) return client.post(message, place);
      return Promise.reject(
        new SlackRefusal('not_leading', 'the lease is no longer held: another watcher may post'),
      );
    },
  };
}

async function refused<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** The library's errors hold the request's headers and body: only these words leave them. */
function refusalOf(error: unknown): SlackRefusal {
  if (error instanceof WebAPIRateLimitedError)
    return new SlackRefusal('rate_limited', 'Slack asks to wait', error.retryAfter * 1000);
  if (error instanceof WebAPIPlatformError)
    return new SlackRefusal(error.data.error, `Slack refused: ${error.data.error}`);
  if (error instanceof WebAPIHTTPError)
    return new SlackRefusal(`http_${error.statusCode}`, `Slack answered with status ${error.statusCode}`);
  if (error instanceof WebAPIRequestError)
    return new SlackRefusal('not_answered', `Slack did not answer: ${error.original.message}`);
  return new SlackRefusal('not_answered', 'Slack did not answer');
}

/** The watcher tells itself what goes wrong, once. */
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
