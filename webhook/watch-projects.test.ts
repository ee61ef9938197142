import { describe, expect, it } from 'vitest';
import type { DbtProject } from '../contract/dbt-project.ts';
import type { ApiServer } from './api-server.ts';
import { sampleProject } from './mutate/sample.ts';
import { createProjectCache } from './project-cache.ts';
import { backOff, watchProjects } from './watch-projects.ts';

function project(name: string, uid = `uid-of-${name}`): DbtProject {
  const sample = sampleProject();
  return { ...sample, metadata: { ...sample.metadata, name, uid } };
}

/** One connection: what the list answers, what the watch then sends, and how the watch ends. */
interface Connection {
  readonly items?: readonly unknown[];
  readonly status?: number;
  readonly events?: readonly unknown[];
  readonly breaks?: Error;
}

/** Follows the connections one after the other, then stops the watch; returns what the cache held after each. */
async function follow(connections: readonly Connection[]) {
  const stop = new AbortController();
  const cache = createProjectCache(() => 0);
  const paths: string[] = [];
  const held: unknown[] = [];
  const waits: number[] = [];
  const logged: unknown[] = [];
  let connection = 0;
  const api: ApiServer = {
    request: ({ path }) => {
      paths.push(path);
      const { items = [], status = 200 } = connections[connection] ?? {};
      return Promise.resolve({ status, body: { metadata: { resourceVersion: `v${connection}` }, items } });
    },
    watch: async function* ({ path }) {
      paths.push(path);
      const { events = [], breaks } = connections[connection] ?? {};
      yield* await Promise.resolve(events);
      if (breaks !== undefined) throw breaks;
    },
  };
  const causes: unknown[] = [];
  const note = (facts: unknown, message?: unknown): void => {
    logged.push(message);
    if (typeof facts === 'object' && facts !== null && 'err' in facts) causes.push(facts.err);
  };
  const log = { debug: note, info: note, warn: note, error: note };
  const sleep = (ms: number): Promise<void> => {
    held.push(['one', 'two'].map((name) => cache.find('acme', name)?.metadata.uid));
    waits.push(ms);
    expect(cache.isFresh()).toBe(false);
    connection += 1;
    if (connection >= connections.length) stop.abort();
    return Promise.resolve();
  };
  await watchProjects({ api, cache, log, sleep, random: () => 0 }, stop.signal);
  return { paths, held, waits, logged, causes };
}

const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } };
const one = project('one');
const two = project('two');

describe('the watch of projects', () => {
  it('lists, then watches from there with bookmarks', async () => {
    const { paths } = await follow([{}]);
    expect(paths).toEqual([
      '/apis/dbt-jobs.io/v1alpha1/dbtprojects?limit=500',
      '/apis/dbt-jobs.io/v1alpha1/dbtprojects?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=v0',
    ]);
  });

  it('follows what is added, changed and deleted', async () => {
    const changed = project('one', 'changed');
    const { held } = await follow([
      { items: [one], events: [bookmark, { type: 'ADDED', object: two }] },
      { items: [one, two], events: [{ type: 'MODIFIED', object: changed }] },
      { items: [one, two], events: [{ type: 'DELETED', object: one }] },
    ]);
    expect(held).toEqual([
      ['uid-of-one', 'uid-of-two'],
      ['changed', 'uid-of-two'],
      [undefined, 'uid-of-two'],
    ]);
  });

  it('keeps a project made again when the deletion of the old one comes late', async () => {
    const { held } = await follow([
      { items: [project('one', 'new')], events: [{ type: 'DELETED', object: project('one', 'old') }] },
    ]);
    expect(held).toEqual([['new', undefined]]);
  });

  it('learns from a new list what it missed', async () => {
    const { held } = await follow([{ items: [one], breaks: new Error('reset') }, { items: [two] }]);
    expect(held).toEqual([
      ['uid-of-one', undefined],
      [undefined, 'uid-of-two'],
    ]);
  });

  const failures: Record<string, Connection> = {
    'a broken connection': { breaks: new Error('ECONNRESET') },
    'an error event': { events: [{ type: 'ERROR', object: { kind: 'Status', code: 410 } }] },
    'a list that is refused': { status: 500 },
    'an event that cannot be read': { events: [{ type: 'ADDED' }] },
  };
  it.each(Object.entries(failures))('lists again after %s', async (_, failure) => {
    const { held, logged } = await follow([failure, { items: [one] }]);
    expect(held[1]).toEqual(['uid-of-one', undefined]);
    expect(logged).toContain('Lost watch of DbtProjects');
  });

  it('tells the code of an error event', async () => {
    const { causes } = await follow([{ events: [{ type: 'ERROR', object: { kind: 'Status', code: 410 } }] }]);
    expect(causes).toEqual([new Error('watch of DbtProjects: the API server sent error 410')]);
  });

  it('keeps what it knows while the API server is away, and waits longer each time', async () => {
    const away = { status: 503 };
    const { held, waits } = await follow([{ items: [one] }, away, away, away]);
    expect(held).toEqual(Array(4).fill(['uid-of-one', undefined]));
    expect(waits).toEqual([250, 500, 1000, 2000]);
  });

  it('is not stopped by one project that cannot be read', async () => {
    const broken = { ...two, spec: {} };
    const { held, logged } = await follow([
      { items: [broken, one], events: [{ type: 'MODIFIED', object: { ...one, spec: {} } }] },
      { items: [broken, one] },
    ]);
    expect(held).toEqual([
      [undefined, undefined],
      ['uid-of-one', undefined],
    ]);
    expect(logged.filter((message) => message === 'Could not read DbtProject')).toHaveLength(3);
  });
});

describe('a wait after failures', () => {
  it.each([
    [0, 0, 250],
    [0, 1, 500],
    [3, 0.5, 3000],
    [20, 1, 30_000],
    [2000, 1, 30_000],
  ])('%i with chance %d is %i ms', (failures, random, ms) => expect(backOff(failures, random)).toBe(ms));
});
