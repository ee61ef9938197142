import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';

/** How long requests are still taken after readiness fails, ms: until each API server has learnt of it. */
export const announceMs = 10_000;
/** How long requests in flight may then take, ms: together less than the pod's termination grace period of 30 s. */
export const drainMs = 10_000;

/**
 * Serves on for a while, takes no new connection, ends when the last request is answered or the time is up. The caller
 * has failed readiness before, and has every answer close its connection.
 */
export async function shutDown(
  server: HttpServer | HttpsServer,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
): Promise<'drained' | 'cut off'> {
  await sleep(announceMs);
  const closed = new Promise<'drained'>((resolve) => {
    server.close(() => resolve('drained'));
  });
  server.closeIdleConnections();
  // A timer that runs on would keep the process alive.
  const over = new AbortController();
  const ended = await Promise.race([closed, sleep(drainMs, over.signal).then(() => 'cut off' as const)]);
  over.abort();
  server.closeAllConnections();
  return ended;
}
