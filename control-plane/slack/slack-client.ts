import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
} from '@slack/web-api';

/** Slack's answer that is no yes. */
export class SlackRefusal extends Error {
  /** In Slack's own word, as `channel_not_found`; `not_answered` where it said nothing. */
  readonly code: string;

  constructor(code: string) {
    super(`Slack refused: ${code}`);
    this.name = 'SlackRefusal';
    this.code = code;
  }
}

export interface SlackClient {
  /** Whose token it is. Throws SlackRefusal. */
  whoAmI(): Promise<{ readonly workspace: string; readonly bot: string }>;
  /** Throws SlackRefusal. */
  post(channel: string, text: string): Promise<void>;
}

export type ConnectSlack = (token: string) => SlackClient;

/** Slack answers in a second or not at all. */
const timeoutMs = 10_000;

/** The official client; a person waits for the answer, so nothing is tried twice. */
export function slackConnector(apiUrl: string): ConnectSlack {
  return (token) => {
    const client = new WebClient(token, {
      slackApiUrl: apiUrl,
      timeout: timeoutMs,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logger: silent,
    });
    return {
      async whoAmI() {
        const { team, user } = await answered(client.auth.test());
        return { workspace: team ?? '', bot: user ?? '' };
      },
      async post(channel, text) {
        await answered(
          client.chat.postMessage({ channel, text, parse: 'none', link_names: false, unfurl_links: false }),
        );
      },
    };
  };
}

/** The library's errors hold the request with its headers: only Slack's word leaves them. */
async function answered<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof WebAPIPlatformError) throw new SlackRefusal(error.data.error);
    if (error instanceof WebAPIRateLimitedError) throw new SlackRefusal('rate_limited');
    if (error instanceof WebAPIHTTPError) throw new SlackRefusal(`http_${error.statusCode}`);
    throw new SlackRefusal('not_answered');
  }
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
