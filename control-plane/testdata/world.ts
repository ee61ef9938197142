import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { liveLimits } from '../api/send-events.ts';
import { createControlPlane, type ControlPlaneShell } from '../control-plane.ts';
import type { ConnectSlack } from '../slack/slack-client.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';
import type { Person } from './roles.ts';

export interface Reply {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
  readonly headers: Headers;
}

export interface Ask {
  /** With its method, as `GET /me`: below /api/v1. */
  readonly to: string;
  /** Undefined: nobody. */
  readonly as?: Person | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface World {
  readonly cluster: FakeCluster;
  readonly store: Store;
  readonly clock: { now: number };
  /** Lines of the log. */
  readonly logged: string[];
  /** `http://host:port`. */
  readonly url: string;
  ask(ask: Ask): Promise<Reply>;
  close(): Promise<void>;
}

export const start = Date.parse('2026-11-23T02:00:00Z');

const noSlack: ConnectSlack = () => {
  throw new Error('there is no Slack here');
};

/** The control plane over HTTP, with a real store and a cluster of two organizations, `acme` and `globex`. */
export async function startWorld(
  given: Partial<Pick<ControlPlaneShell, 'proxy' | 'origin' | 'secure' | 'connectSlack' | 'live'>> = {},
): Promise<World> {
  const clock = { now: start };
  const logged: string[] = [];
  const stopping = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'control-plane-'));
  const cluster = await startFakeCluster();
  const store = await openStore(
    { database: 'sqlite', file: join(folder, 'history.db'), retention: { runDays: 90, logDays: 30 } },
    { now: () => new Date(clock.now), onTrouble: (error) => void logged.push(String(error)) },
  );
  for (const name of ['acme', 'globex'])
    cluster.put(`/api/v1/namespaces/${name}`, { metadata: { labels: { 'dbt-jobs.io/engine': 'webhook' } } });
  const shell = {
    kube: cluster.kube,
    store,
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
    now: () => clock.now,
    stopping: stopping.signal,
  };
  const { url, end } = await listen(createServer(createControlPlane({ ...shell, ...plain, ...given })));
  return {
    cluster,
    store,
    clock,
    logged,
    url,
    ask: (ask) => send(url, ask),
    async close() {
      stopping.abort();
      await end();
      await Promise.all([store.close(), cluster.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

const plain = {
  proxy: undefined,
  origin: undefined,
  secure: false,
  connectSlack: noSlack,
  live: liveLimits,
};

async function listen(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const end = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, end };
}

async function send(url: string, { to, as, body, headers = {} }: Ask): Promise<Reply> {
  const [method = '', path = ''] = to.split(' ');
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(as !== undefined && { authorization: `Bearer ${as.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  // What is live never ends by itself.
  const isLive = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isLive) await answer.body?.cancel();
  const text = isLive ? '' : await answer.text();
  return {
    status: answer.status,
    body: isJson ? (JSON.parse(text) as unknown) : text,
    headers: answer.headers,
  };
}
