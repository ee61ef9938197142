import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import type { KubeConnection } from '../kube/connection.ts';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

export interface FakeApi {
  readonly server: string;
  readonly client: KubeClient;
  readonly requests: FakeRequest[];
  /** Connections that are open now. */
  sockets(): number;
  close(): Promise<void>;
}

export type Answer = (request: FakeRequest, response: ServerResponse) => void;

/** An API server as far as the wire: what it answers is up to the test. */
export async function startFakeApi(answer: Answer): Promise<FakeApi> {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const url = new URL(incoming.url ?? '/', 'http://fake');
      const request = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        body,
        authorization: incoming.headers.authorization,
      };
      requests.push(request);
      answer(request, response);
    });
  });
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  const connection = connectionTo(await listen(server));
  return {
    server: connection.server,
    client: createKubeClient(connection),
    requests,
    sockets: () => open,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake API has no port');
  return `http://127.0.0.1:${address.port}`;
}

function connectionTo(server: string): KubeConnection {
  return { server, pooled: true, options: () => Promise.resolve({}), refused: () => undefined };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}
