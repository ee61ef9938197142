import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';

/** Longer than the 90 s for which the API server keeps an idle connection: it must be the one to close it. */
export const keepAliveTimeoutMs = 95_000;
/** As controller-runtime has it: longer than the longest timeout of a webhook, 30 s. */
export const headersTimeoutMs = 32_000;
export const requestTimeoutMs = 30_000;

/** A TLS server that has no certificate yet: give it one with setSecureContext, at any time. */
export function createTlsServer(app: RequestListener): HttpsServer {
  const server = createHttpsServer({ minVersion: 'TLSv1.2', noDelay: true, keepAlive: true }, app);
  return withTimeouts(server);
}

export function createPlainServer(app: RequestListener): HttpServer {
  return withTimeouts(createHttpServer({ noDelay: true }, app));
}

/** Resolves when the port is open; rejects when it cannot be. */
export async function listen(server: HttpServer | HttpsServer, port: number): Promise<void> {
  server.listen(port);
  await once(server, 'listening');
}

function withTimeouts<S extends HttpServer | HttpsServer>(server: S): S {
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.headersTimeout = headersTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
  return server;
}
