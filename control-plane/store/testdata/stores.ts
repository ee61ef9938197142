import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../open-store.ts';
import type { Store, StoreSettings } from '../store.ts';
import { type Postgres, startPostgres } from './postgres.ts';

/** Where the tests' clock stands, until one sets it. */
export const epoch = '2026-11-23T02:00:00.000Z';

export interface World {
  /** Open; with nothing in it but what the tests of one file have put there. */
  readonly store: Store;
  readonly clock: { now: string };
  readonly troubles: unknown[];
}

/** Runs the same tests on SQLite and on a real PostgreSQL. */
export function describeStore(title: string, body: (world: () => World) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${title} (%s)`, (database) => {
    let world: World | undefined;
    let end: () => Promise<void> = () => Promise.resolve();
    beforeAll(async () => {
      const { settings, remove } = database === 'sqlite' ? await sqliteSettings() : await postgresSettings();
      const clock = { now: epoch };
      const troubles: unknown[] = [];
      const store = await openStore(settings, {
        now: () => new Date(clock.now),
        onTrouble: (error) => troubles.push(error),
      });
      world = { store, clock, troubles };
      end = async () => {
        await store.close();
        await remove();
      };
    }, 120_000);
    afterAll(() => end());
    body(() => {
      if (world === undefined) throw new Error('the store is not open yet');
      return world;
    });
  });
}

export const retention = { runDays: 90, logDays: 30 };

interface Prepared {
  readonly settings: StoreSettings;
  readonly remove: () => Promise<void>;
}

async function sqliteSettings(): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), 'store-sqlite-'));
  return {
    settings: { database: 'sqlite', file: join(folder, 'history.db'), retention },
    remove: () => rm(folder, { recursive: true }),
  };
}

async function postgresSettings(): Promise<Prepared> {
  const server: Postgres = await startPostgres();
  return {
    settings: { database: 'postgres', url: await server.createDatabase(), connections: 5, retention },
    remove: () => server.stop(),
  };
}
