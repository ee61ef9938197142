import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** A message that Slack has taken, as its documentation names the fields. */
export interface Posted {
  readonly ts: string;
  readonly channel: string;
  readonly text: string;
  readonly blocks: unknown;
  readonly thread_ts?: string;
  readonly reply_broadcast?: string;
  /** Milliseconds, by the clock of the test. */
  readonly at: number;
}

/** What goes wrong with the next call. */
export type Fault =
  | { readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly error: string }
  /** Takes the call and never answers. */
  | 'silence';

export interface FakeSlack {
  readonly url: string;
  readonly posted: Posted[];
  /** Every call, refused ones too: its method and the token it came with. */
  readonly calls: { readonly method: string; readonly authorization: string | undefined }[];
  /** Used up by the calls in their order. */
  readonly faults: Fault[];
  close(): Promise<void>;
}

const section = z.object({
  type: z.literal('section'),
  text: z.object({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(3000),
    verbatim: z.literal(true),
  }),
});

/** chat.postMessage and auth.test as docs.slack.dev describes them: form fields in, `ok` or `error` out. */
export async function startFakeSlack(now: () => number): Promise<FakeSlack> {
  const posted: Posted[] = [];
  const calls: FakeSlack['calls'] = [];
  const faults: Fault[] = [];
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      const method = (incoming.url ?? '').replace('/api/', '');
      calls.push({ method, authorization: incoming.headers.authorization });
      const fault = faults.shift();
      if (fault !== undefined) fail(response, fault);
      else if (method === 'auth.test') answer(response, 200, { ok: true, team: 'Shop' });
      else if (method === 'chat.postMessage') postMessage(response, body);
      else answer(response, 200, { ok: false, error: 'unknown_method' });
    });
  });

  const postMessage = (response: ServerResponse, body: URLSearchParams) => {
    const threads = new Set(posted.map(({ ts }) => ts));
    const thread = body.get('thread_ts');
    const blocks: unknown = JSON.parse(body.get('blocks') ?? '[]');
    if (!z.array(section).max(50).safeParse(blocks).success)
      answer(response, 200, { ok: false, error: 'invalid_blocks' });
    else if (thread !== null && !threads.has(thread))
      answer(response, 200, { ok: false, error: 'thread_not_found' });
    else {
      const ts = `1700000000.${String(posted.length + 1).padStart(6, '0')}`;
      posted.push({ ...fieldsOf(body), blocks, ts, at: now() });
      answer(response, 200, { ok: true, channel: 'C024BE91L', ts });
    }
  };
  return { ...(await listen(server)), posted, calls, faults };
}

async function listen(server: Server): Promise<Pick<FakeSlack, 'url' | 'close'>> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake Slack has no port');
  return {
    url: `http://127.0.0.1:${address.port}/api/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fieldsOf(body: URLSearchParams): Omit<Posted, 'blocks' | 'ts' | 'at'> {
  const [thread, broadcast] = [body.get('thread_ts'), body.get('reply_broadcast')];
  return {
    channel: body.get('channel') ?? '',
    text: body.get('text') ?? '',
    ...(thread !== null && { thread_ts: thread }),
    ...(broadcast !== null && { reply_broadcast: broadcast }),
  };
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === 'silence') return;
  if ('error' in fault) {
    answer(response, 200, { ok: false, error: fault.error });
    return;
  }
  if (fault.retryAfterSeconds !== undefined) response.setHeader('retry-after', fault.retryAfterSeconds);
  answer(response, fault.status, {});
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(incoming: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return new URLSearchParams(text);
}
