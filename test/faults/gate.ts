import http from 'node:http';
import https from 'node:https';
import { once } from 'node:events';

/** A request on its way through a gate. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/**
 * What becomes of it: it passes; it is `lost` before anybody has it; or it is `unanswered`: who it is for has done what it
 * asks, and the answer is lost.
 */
export type Fate = 'passes' | 'lost' | 'unanswered';

/** Stands between a program and a server of HTTP, and knows the one from the other's words. */
export interface Gate {
  readonly port: number;
  close(): Promise<void>;
}

export interface GateSettings {
  /** Where requests go, such as `https://10.0.0.1:6443`. */
  readonly upstream: string;
  /** With which the gate speaks TLS itself; absent: it speaks plainly. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer };
  /** Asked for each request, before it goes on. */
  decide(request: Passing): Fate;
  /** After an unanswered request was carried out. */
  onDone(): void;
}

export async function openGate(settings: GateSettings): Promise<Gate> {
  const agent = settings.tls
    ? new https.Agent({ keepAlive: true, ca: settings.tls.ca })
    : new http.Agent({ keepAlive: true });
  const answer = (incoming: http.IncomingMessage, response: http.ServerResponse): void => {
    void bodyOf(incoming)
      .then((body) => pass(settings, agent, incoming, body, response))
      .catch(() => response.destroy());
  };
  const server = settings.tls ? https.createServer(settings.tls, answer) : http.createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gate has no port');
  return {
    port: address.port,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(incoming: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text;
}

async function pass(
  settings: GateSettings,
  agent: http.Agent,
  incoming: http.IncomingMessage,
  body: string,
  response: http.ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const { pathname, searchParams } = new URL(url, 'http://gate');
  const fate = settings.decide({ method, path: pathname, query: searchParams, body });
  if (fate === 'lost') return;
  const request = (settings.tls ? https : http).request(new URL(url, settings.upstream), {
    method,
    headers,
    agent,
  });
  response.on('close', () => request.destroy());
  request.end(body);
  const [answered] = (await once(request, 'response')) as [http.IncomingMessage];
  if (fate === 'unanswered') {
    answered.resume();
    await once(answered, 'end');
    settings.onDone();
    return;
  }
  response.writeHead(answered.statusCode ?? 502, answered.headers);
  response.flushHeaders();
  answered.on('error', () => response.destroy());
  answered.pipe(response);
}
