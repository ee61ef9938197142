import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepRunJob, type Job } from './kube/job.ts';
import { type Answer, type FakeApi, json, startFakeApi } from './testdata/fake-api.ts';
import { rawJob } from './testdata/objects.ts';
import { watchResource, type WatchSettings, type WatchSource } from './watch.ts';

const source: WatchSource<Job> = { resource: 'jobs', path: '/apis/batch/v1/jobs', keep: keepRunJob };

function raw(name: string, uid: string, resourceVersion: string): Record<string, unknown> {
  const job = rawJob();
  return { ...job, metadata: { ...(job['metadata'] as object), name, uid, resourceVersion } };
}

function list(response: ServerResponse, resourceVersion: string, items: unknown[], next?: string): void {
  json(response, 200, { metadata: { resourceVersion, ...(next && { continue: next }) }, items });
}

function send(response: ServerResponse, type: string, object: unknown): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

const bookmark = (resourceVersion: string) => ({ kind: 'Job', metadata: { resourceVersion } });

interface Observed {
  readonly api: FakeApi;
  /** `added a/uid-1`, in the order of the events. */
  readonly events: string[];
  readonly troubles: string[];
  readonly bad: string[];
  /** Resource versions that watches began at. */
  watchedFrom(): string[];
  lists(): number;
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function observe(
  answers: {
    list(count: number, response: ServerResponse, query: URLSearchParams): void;
    watch(count: number, response: ServerResponse): void;
  },
  settings: Partial<WatchSettings> & { readonly throwOn?: string; readonly now?: () => number } = {},
): Promise<Observed> {
  const counts = { list: 0, watch: 0 };
  const answer: Answer = (request, response) => {
    if (request.query.get('watch') === 'true') answers.watch((counts.watch += 1), response);
    else answers.list((counts.list += 1), response, request.query);
  };
  const api = await startFakeApi(answer);
  const [events, troubles, bad]: [string[], string[], string[]] = [[], [], []];
  const stopping = new AbortController();
  const done = watchResource(
    source,
    {
      client: api.client,
      settings: { pageSize: 2, watchSeconds: 45, inactivityMs: 2000, relistMs: 3_600_000, ...settings },
      onEvent({ type, object }) {
        events.push(`${type} ${object.metadata.name}/${object.metadata.uid}`);
        if (object.metadata.name === settings.throwOn) throw new Error('handler failed');
      },
      onListed: () => undefined,
      onAlive: () => undefined,
      onBadObject: (error) => bad.push(String(error).split('\n')[0] ?? ''),
      onTrouble: (error) => troubles.push(String(error)),
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
      now: settings.now ?? (() => performance.now()),
      random: () => 0,
    },
    stopping.signal,
  );
  stops.push(async () => {
    stopping.abort();
    await done;
    await api.close();
  });
  const watches = () => api.requests.filter(({ query }) => query.get('watch') === 'true');
  return {
    api,
    events,
    troubles,
    bad,
    watchedFrom: () => watches().map(({ query }) => query.get('resourceVersion') ?? ''),
    lists: () => api.requests.length - watches().length,
  };
}

const hang = () => undefined;
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 5 });

describe('watchResource', () => {
  it('reads every page of the list, then watches from its version with bookmarks', async () => {
    const seen = await observe({
      list: (_, response, query) =>
        query.get('continue') === null
          ? list(response, '5', [raw('a', '1', '1'), raw('b', '2', '2')], 'more')
          : list(response, '5', [raw('c', '3', '3')]),
      watch: hang,
    });
    await eventually(() => expect(seen.watchedFrom()).toEqual(['5']));
    expect(seen.events).toEqual(['added a/1', 'added b/2', 'added c/3']);
    expect(seen.api.requests.map(({ query }) => Object.fromEntries(query))).toEqual([
      { limit: '2' },
      { limit: '2', continue: 'more' },
      { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '5', timeoutSeconds: '45' },
    ]);
  });

  it('J5 goes on from a bookmark after the server closed the watch, without a list', async () => {
    const seen = await observe({
      list: (_, response) => list(response, '5', []),
      watch(count, response) {
        if (count > 1) return;
        send(response, 'ADDED', raw('a', '1', '6'));
        send(response, 'BOOKMARK', bookmark('90'));
        response.end();
      },
    });
    await eventually(() => expect(seen.watchedFrom()).toEqual(['5', '90']));
    expect([seen.events, seen.lists(), seen.troubles]).toEqual([['added a/1'], 1, []]);
  });

  it.each(['as HTTP status', 'as an event'])(
    'J1 lists again after 410 %s, and tells what has gone meanwhile',
    async (how) => {
      const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
      const seen = await observe({
        list: (count, response) =>
          count === 1
            ? list(response, '5', [raw('a', '1', '1'), raw('b', '2', '2')])
            : list(response, '50', [raw('b', '2', '2'), raw('c', '3', '40')]),
        watch(count, response) {
          if (count > 1) return;
          if (how === 'as HTTP status') json(response, 410, expired);
          else {
            send(response, 'ERROR', expired);
            response.end();
          }
        },
      });
      await eventually(() => expect(seen.watchedFrom()).toEqual(['5', '50']));
      expect(seen.events).toEqual(['added a/1', 'added b/2', 'added c/3', 'gone a/1']);
    },
  );

  it('J1 lists from the beginning after a page has expired', async () => {
    const seen = await observe({
      list(count, response) {
        if (count === 1) list(response, '5', [raw('a', '1', '1')], 'more');
        else if (count === 2) json(response, 410, { message: 'the continue token has expired' });
        else list(response, '9', [raw('a', '1', '1'), raw('b', '2', '2')]);
      },
      watch: hang,
    });
    await eventually(() => expect(seen.watchedFrom()).toEqual(['9']));
    expect(seen.events).toEqual(['added a/1', 'added b/2']);
  });

  it('J2 connects again from where it was when a watch falls silent', async () => {
    const seen = await observe(
      {
        list: (_, response) => list(response, '5', []),
        watch(count, response) {
          if (count === 1) send(response, 'ADDED', raw('a', '1', '6'));
          if (count === 2) send(response, 'ADDED', raw('b', '2', '7'));
        },
      },
      { inactivityMs: 60 },
    );
    await eventually(() => expect(seen.events).toEqual(['added a/1', 'added b/2']));
    expect([seen.watchedFrom().slice(0, 2), seen.lists()]).toEqual([['5', '6'], 1]);
  });

  it('J3 J4 connects again after resets and refusals, for as long as it takes, and leaks no connection', async () => {
    const seen = await observe({
      list: (count, response) =>
        count === 1 ? json(response, 401, { message: 'Unauthorized' }) : list(response, '5', []),
      watch(count, response) {
        if (count % 3 === 0) response.socket?.resetAndDestroy();
        else if (count % 3 === 1) json(response, count === 4 ? 429 : 503, { message: 'later' });
        else if (count < 1000) response.writeHead(200).flushHeaders();
        if (count % 3 === 2 && count < 1000) response.socket?.destroy();
        if (count >= 1000 && count % 3 === 2) send(response, 'ADDED', raw('a', '1', '6'));
      },
    });
    await vi.waitFor(() => expect(seen.events).toEqual(['added a/1']), { timeout: 25_000, interval: 20 });
    expect(seen.troubles.length).toBeGreaterThan(1000);
    await eventually(() => expect(seen.api.sockets()).toBeLessThanOrEqual(2));
  });

  it('does not ask a server without a pause that closes each watch at once', async () => {
    const seen = await observe({
      list: (_, response) => list(response, '5', []),
      watch(count, response) {
        if (count < 4) response.writeHead(200).end();
      },
    });
    await eventually(() => expect(seen.watchedFrom()).toHaveLength(4));
    expect(seen.troubles).toHaveLength(3);
  });

  it('J6 takes an object made again under its old name for another one', async () => {
    const seen = await observe({
      list: (_, response) => list(response, '5', [raw('a', 'old', '1')]),
      watch: (_, response) => send(response, 'MODIFIED', raw('a', 'new', '6')),
    });
    await eventually(() => expect(seen.events).toEqual(['added a/old', 'gone a/old', 'added a/new']));
  });

  it('lists again after its time although the watch went well, and finds what no watch told', async () => {
    let now = 0;
    const seen = await observe(
      {
        list: (count, response) =>
          count === 1
            ? list(response, '5', [raw('a', '1', '1')])
            : list(response, '50', [raw('b', '2', '2')]),
        watch(count, response) {
          now += 1_900_000;
          send(response, 'BOOKMARK', bookmark(String(10 + count)));
          if (count < 3) response.end();
        },
      },
      { now: () => now },
    );
    await eventually(() => expect(seen.watchedFrom()).toEqual(['5', '11', '50']));
    expect([seen.events, seen.lists()]).toEqual([['added a/1', 'added b/2', 'gone a/1'], 2]);
  });

  it('J6 tells of one that is gone and of its namesake after a list without the first', async () => {
    const seen = await observe({
      list: (count, response) =>
        count === 1
          ? list(response, '5', [raw('a', 'old', '1')])
          : list(response, '9', [raw('a', 'new', '8')]),
      watch(count, response) {
        if (count === 1) json(response, 410, { message: 'too old' });
      },
    });
    await eventually(() => expect(seen.events).toEqual(['added a/old', 'gone a/old', 'added a/new']));
  });

  it('tells the last state of a deleted object before it tells that it is gone', async () => {
    const seen = await observe({
      list: (_, response) => list(response, '5', [raw('a', '1', '1')]),
      watch: (_, response) => send(response, 'DELETED', raw('a', '1', '7')),
    });
    await eventually(() => expect(seen.events).toEqual(['added a/1', 'changed a/1', 'gone a/1']));
  });

  it('J27 lets one bad object, one bad line and one bad handler stop nothing else', async () => {
    const seen = await observe(
      {
        list: (_, response) => list(response, '5', [{ metadata: { uid: 7 } }, raw('a', '1', '1'), null]),
        watch(_, response) {
          response.write('{"type":\n');
          send(response, 'ADDED', { metadata: { uid: 'x', resourceVersion: '6' }, spec: 'none' });
          send(response, 'ADDED', raw('throws', '2', '7'));
          send(response, 'ADDED', raw('b', '3', '8'));
        },
      },
      { throwOn: 'throws' },
    );
    await eventually(() => expect(seen.events).toEqual(['added a/1', 'added throws/2', 'added b/3']));
    expect(seen.bad).toHaveLength(5);
    expect(seen.troubles).toEqual([]);
  });

  it('keeps no Job without the project label in its template', async () => {
    const foreign = { ...raw('x', '9', '2'), spec: { template: { metadata: { labels: { app: 'x' } } } } };
    const seen = await observe({
      list: (_, response) => list(response, '5', [foreign, raw('a', '1', '1')]),
      watch: hang,
    });
    await eventually(() => expect(seen.watchedFrom()).toEqual(['5']));
    expect([seen.events, seen.bad]).toEqual([['added a/1'], []]);
  });
});
