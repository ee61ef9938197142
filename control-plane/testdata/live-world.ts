import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveEvent } from '../api/route.ts';
import type { LiveShell } from '../live/project-live.ts';
import { openStore } from '../store/open-store.ts';
import type { Change, Store } from '../store/store.ts';

export interface Followed {
  readonly events: LiveEvent[];
  readonly end: () => Promise<void>;
}

export interface LiveWorld {
  readonly store: Store;
  readonly clock: { now: number };
  /** As the feed of a database whose connection broke. */
  miss(): void;
  /** What a reader gets, until `end`. */
  follow(live: (shell: LiveShell) => AsyncIterable<LiveEvent>): Followed;
  close(): Promise<void>;
}

/** A real store, with a clock of its own. */
export async function startLiveWorld(): Promise<LiveWorld> {
  const clock = { now: Date.parse('2026-11-23T02:00:10Z') };
  const folder = await mkdtemp(join(tmpdir(), 'live-'));
  const listeners = new Set<(change: Change) => void>();
  const store = await openStore(
    { database: 'sqlite', file: join(folder, 'history.db'), retention: { runDays: 90, logDays: 30 } },
    { now: () => new Date(clock.now), onTrouble: () => undefined },
  );
  const changes: Store['changes'] = {
    subscribe(listener) {
      listeners.add(listener);
      const end = store.changes.subscribe(listener);
      return () => {
        listeners.delete(listener);
        end();
      };
    },
  };
  return {
    store,
    clock,
    miss: () => listeners.forEach((listener) => listener({ kind: 'missed' })),
    follow: (live) => follow(live, { store: { ...store, changes }, now: () => clock.now }),
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function follow(
  live: (shell: LiveShell) => AsyncIterable<LiveEvent>,
  shell: Pick<LiveShell, 'store' | 'now'>,
): Followed {
  const reader = new AbortController();
  const events: LiveEvent[] = [];
  const pause: LiveShell['sleep'] = (_ms, signal) => sleep(1, undefined, { signal }).catch(() => undefined);
  const done = (async () => {
    for await (const event of live({ ...shell, signal: reader.signal, sleep: pause })) events.push(event);
  })();
  return {
    events,
    end() {
      reader.abort();
      return done;
    },
  };
}
