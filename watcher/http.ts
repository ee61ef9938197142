import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

export interface HttpShell {
  registry(): Registry;
  /** Whether every cache has been listed once. */
  isReady(): boolean;
}

/** Plain HTTP: /healthz, /readyz, /metrics. */
export function createHttpServer(shell: HttpShell): Server {
  return createServer((request, response) => {
    const answer = (status: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type }).end(text);
    const path = request.url?.split('?')[0];
    if (path === '/healthz') answer(200, 'ok\n');
    else if (path === '/readyz')
      answer(shell.isReady() ? 200 : 503, shell.isReady() ? 'ok\n' : 'not listed yet\n');
    else if (path === '/metrics') {
      const registry = shell.registry();
      registry.metrics().then(
        (text) => answer(200, text, registry.contentType),
        () => answer(500, 'the metrics could not be written\n'),
      );
    } else answer(404, 'there is /healthz, /readyz and /metrics\n');
  });
}
