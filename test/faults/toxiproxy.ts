import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';
import { eventually } from '../../examples/demo/wait.ts';

/** Toxiproxy's own words for what it does to the bytes of a connection. */
export type Toxic =
  | { readonly type: 'timeout'; readonly timeout: 0 }
  | { readonly type: 'reset_peer'; readonly timeout: number }
  | { readonly type: 'latency'; readonly latency: number; readonly jitter: number }
  | { readonly type: 'limit_data'; readonly bytes: number };

/** One way from a program to what it talks to. */
export interface Proxy {
  readonly port: number;
  /** Ends every connection, and takes none until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** What happens to both directions of every connection until `heal`. */
  poison(toxic: Toxic): Promise<void>;
  heal(): Promise<void>;
  remove(): Promise<void>;
}

const host = '127.0.0.1';
const created = z.object({ listen: z.string() });

/** Starts toxiproxy's server; the answer is where its API is. */
export async function startToxiproxy(
  binary: string,
): Promise<{ readonly api: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child: ChildProcess = spawn(binary, ['-host', host, '-port', String(port)], { stdio: 'ignore' });
  const api = `http://${host}:${port}`;
  await eventually('toxiproxy answers', 20, async () => {
    const answer = await fetch(`${api}/version`).catch(() => undefined);
    return answer?.ok === true ? true : undefined;
  });
  return {
    api,
    async stop() {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}

/** A way to `upstream`, as host and port. */
export async function createProxy(api: string, name: string, upstream: string): Promise<Proxy> {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${api}/proxies${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new Error(`toxiproxy: ${method} ${path} gave ${answer.status}: ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  const proxy = { name, listen: `${host}:0`, upstream, enabled: true };
  const { listen } = created.parse(await call('POST', '', proxy));
  const toxics: string[] = [];
  return {
    port: Number(listen.split(':').at(-1)),
    async down() {
      await call('POST', `/${name}`, { enabled: false });
    },
    async up() {
      await call('POST', `/${name}`, { enabled: true });
    },
    async poison({ type, ...attributes }) {
      for (const stream of ['upstream', 'downstream']) {
        const toxic = `${type}-${stream}`;
        await call('POST', `/${name}/toxics`, { name: toxic, type, stream, attributes });
        toxics.push(toxic);
      }
    },
    async heal() {
      for (const toxic of toxics.splice(0)) await call('DELETE', `/${name}/toxics/${toxic}`);
    },
    async remove() {
      await call('DELETE', `/${name}`);
    },
  };
}

/** A port that nobody has just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  server.close();
  await once(server, 'close');
  return address.port;
}
