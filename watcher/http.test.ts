import { once } from 'node:events';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createHttpServer } from './http.ts';

async function ask(path: string, isReady: () => boolean): Promise<[status: number, body: string]> {
  const server = createHttpServer({ registry: () => new Registry(), isReady });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  const body = await answer.text();
  server.closeAllConnections();
  server.close();
  return [answer.status, body];
}

describe('createHttpServer', () => {
  const yes = () => true;
  const no = () => false;
  it.each([
    ['is alive before it is ready', '/healthz', no, [200, 'ok\n']],
    ['is ready when everything is listed', '/readyz', yes, [200, 'ok\n']],
    ['is not ready before', '/readyz', no, [503, 'not listed yet\n']],
    ['has metrics', '/metrics?name=x', yes, [200, '\n']],
    ['says what there is', '/', yes, [404, 'there is /healthz, /readyz and /metrics\n']],
  ])('%s', async (_, path, isReady, expected) => expect(await ask(path, isReady)).toEqual(expected));
});
