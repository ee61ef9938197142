import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runFilter } from '../wire/run.ts';
import { openStore } from './open-store.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import { type Change, type Store, StoreUnavailableError } from './store.ts';
import { type Postgres, startPostgres } from './testdata/postgres.ts';
import { line, log, progress, runRef, streamId } from './testdata/reports.ts';
import { epoch, retention } from './testdata/stores.ts';

const list = (store: Store) => store.runs.list('acme', 'shop', runFilter.parse({}));

describe('replicas on one PostgreSQL', () => {
  let server: Postgres;
  const open: Store[] = [];
  const troubles: unknown[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);
  afterAll(async () => {
    await Promise.all(open.map((store) => store.close()));
    await server.stop();
  });
  const replica = async (url: string) => {
    const store = await openStore(
      { database: 'postgres', url, connections: 3, retention },
      { now: () => new Date(epoch), onTrouble: (error) => troubles.push(error) },
    );
    open.push(store);
    return store;
  };

  it('start at once, and one of them makes the tables', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([replica(url), replica(url), replica(url)]);
    await stores[0].ingest([progress(runRef('r1'))]);
    expect((await list(stores[2])).runs.map(({ uid }) => uid)).toEqual(['r1']);
  });

  it('J26 take parts of one log at once, each line once', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([replica(url), replica(url)]);
    const runs = ['r1', 'r2', 'r3'].map((uid) => runRef(uid));
    const part = (from: number) =>
      runs.map((run) =>
        log(
          run,
          Array.from({ length: 60 }, (_, i) => line(from + i, `${from + i}`)),
        ),
      );
    const parts = [0, 30, 60, 90, 120];
    // The other in the other order, so that they meet.
    await Promise.all([
      Promise.all(parts.map((from) => stores[0].ingest(part(from)))),
      Promise.all(parts.toReversed().map((from) => stores[1].ingest(part(from).reverse()))),
    ]);
    for (const { uid } of runs) {
      const range = await stores[0].logs.range({ namespace: 'acme', runUid: uid, stream: streamId }, 0, 5000);
      expect(range?.lines.map(({ n, text }) => [n, text])).toEqual(
        Array.from({ length: 180 }, (_, i) => [i, `${i}`]),
      );
    }
  });

  it('hear of what another has committed, once', async () => {
    const url = await server.createDatabase();
    const [one, other] = await Promise.all([replica(url), replica(url)]);
    const heard: Change[] = [];
    other.changes.subscribe(() => {
      throw new Error('a listener that fails');
    });
    const unsubscribe = other.changes.subscribe((change) => heard.push(change));
    const run = runRef('heard');
    await one.ingest([progress(run), log(run, [line(1, 'a')]), log(run, [line(2, 'b')])]);
    await one.ingest([progress(run), log(run, [line(1, 'a')])]);
    await one.ingest([log(run, [line(3, 'c')])]);
    const of = { namespace: 'acme', project: 'shop', uid: 'heard' };
    await expect
      .poll(() => heard, { timeout: 10_000 })
      .toEqual([
        { kind: 'run', ...of },
        { kind: 'log', ...of, stream: streamId, from: 0 },
        { kind: 'log', ...of, stream: streamId, from: 2 },
      ]);
    unsubscribe();
    expect(troubles).toContainEqual(new Error('a listener that fails'));
  });

  it('say so when changes may have been missed, and hear what follows', async () => {
    const store = await replica(await server.createDatabase());
    const heard: string[] = [];
    store.changes.subscribe(({ kind }) => heard.push(kind));
    await server.breakConnections();
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['missed']);
    await store.ingest([progress(runRef('after'))]);
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['missed', 'run']);
  });

  it('sweep one at a time', async () => {
    const url = await server.createDatabase();
    await replica(url);
    const settings = { url, connections: 2 };
    const one = await openPostgres(settings, () => undefined);
    const other = await openPostgres(settings, () => undefined);
    const done = () => Promise.resolve('done');
    expect(await one.alone(() => other.alone(done))).toBeUndefined();
    expect(await other.alone(done)).toBe('done');
    await Promise.all([one.close(), other.close()]);
  });

  it('say that the database is not there', async () => {
    const own = await startPostgres();
    const store = await openStore(
      { database: 'postgres', url: await own.createDatabase(), connections: 2, retention },
      { now: () => new Date(epoch), onTrouble: () => undefined },
    );
    await own.stop();
    await expect(store.ingest([progress(runRef('r1'))])).rejects.toThrow(StoreUnavailableError);
    await expect(list(store)).rejects.toThrow(StoreUnavailableError);
    expect(await store.health()).toBe('unreachable');
    await store.close();
  }, 120_000);
});

describe('processes on one file of SQLite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-replicas-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('start at once, and both write', async () => {
    const file = join(folder, 'history.db');
    const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).pathname);
    const script = (uid: string) => `
      import { openStore } from ${module('./open-store.ts')};
      import { progress, runRef } from ${module('./testdata/reports.ts')};
      const settings = { database: 'sqlite', file: ${JSON.stringify(file)}, retention: { runDays: 1, logDays: 1 } };
      const store = await openStore(settings, { now: () => new Date(), onTrouble: () => undefined });
      for (let i = 0; i < 20; i += 1) await store.ingest([progress(runRef('${uid}-' + i))]);
      await store.close();`;
    const start = (uid: string) =>
      promisify(execFile)(process.execPath, ['--input-type=module-typescript', '--eval', script(uid)]);
    await Promise.all(['a', 'b', 'c'].map(start));
    const store = await openStore(
      { database: 'sqlite', file, retention },
      { now: () => new Date(epoch), onTrouble: () => undefined },
    );
    expect((await store.runs.list('acme', 'shop', { limit: 200 })).runs.length).toBe(60);
    await store.close();
  }, 60_000);

  it('give the room of what is deleted back to the disk', async () => {
    const file = join(folder, 'swept.db');
    const open = () =>
      openStore(
        { database: 'sqlite', file, retention },
        { now: () => new Date(epoch), onTrouble: () => undefined },
      );
    const written = await open();
    const lines = Array.from({ length: 2000 }, (_, i) => line(i, randomBytes(500).toString('base64')));
    await written.ingest([log(runRef('r1'), lines)]);
    await written.close();
    const before = (await stat(file)).size;
    const swept = await open();
    await swept.sweep('2030-01-01T00:00:00.000Z');
    await swept.close();
    expect((await stat(file)).size).toBeLessThan(before / 2);
  });

  it('do not take what is written for good before it is', async () => {
    const file = join(folder, 'waiting.db');
    const database = await openSqlite(file, () => undefined);
    const rows = () =>
      database.read(async (of) => (await sql`select * from watcher_heard`.execute(of)).rows.length);
    await database.write(async (transaction) => {
      await transaction.insertInto('watcher_heard').values({ id: 1, heard_at: epoch }).execute();
      expect(await rows()).toBe(0);
    });
    expect(await rows()).toBe(1);
    expect(await database.alone(() => database.alone(() => Promise.resolve('done')))).toBeUndefined();
    await database.close();
  });
});
