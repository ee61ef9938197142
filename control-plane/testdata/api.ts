import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Route } from '../api/route.ts';
import { eventSender, liveLimits } from '../api/send-events.ts';
import type { RouteShell } from '../api/serve-route.ts';
import { createApp } from '../api/server.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { FakeKube } from './fake-kube.ts';

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** The API over routes, as user ann, who may do everything in the organizations acme and globex. */
export interface TestApi {
  readonly kube: FakeKube;
  readonly store: Store;
  readonly clock: { now: number };
  /** A string is sent as it is. */
  call(method: string, path: string, body?: unknown): Promise<Answered>;
  close(): Promise<void>;
}

const start = Date.parse('2026-02-03T10:00:00Z');

export async function startApi(routes: readonly Route[]): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'control-plane-'));
  const clock = { now: start };
  const settings = { database: 'sqlite', file: join(folder, 'store.sqlite') } as const;
  const retention = { runDays: 365, logDays: 30 };
  const shell = { now: () => new Date(clock.now), onTrouble: () => undefined };
  const store = await openStore({ ...settings, retention }, shell);
  const kube = new FakeKube();
  const server = createServer(createApp(routes, routeShell(kube, store, clock))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    kube,
    store,
    clock,
    async call(method, path, body) {
      const answer = await fetch(`http://127.0.0.1:${port ?? 0}/api/v1${path}`, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
    async close() {
      server.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function routeShell(kube: FakeKube, store: Store, clock: { readonly now: number }): RouteShell {
  return {
    kube,
    store,
    log: pino({ level: 'silent' }),
    now: () => clock.now,
    authenticate: () => Promise.resolve({ user: 'ann', groups: [], by: 'token' }),
    refuseCrossSite: () => undefined,
    may: () => Promise.resolve(true),
    findOrganization: (name) =>
      Promise.resolve(['acme', 'globex'].includes(name) ? { name, engine: 'webhook' } : undefined),
    sendEvents: eventSender(liveLimits),
    longestLiveMs: liveLimits.longestMs,
    stopping: new AbortController().signal,
  };
}
