import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LiveEvent } from '../api/route.ts';
import { line, log, nodes, outcome, progress, runRef } from '../store/testdata/reports.ts';
import { type LiveWorld, startLiveWorld } from '../testdata/live-world.ts';
import type { LogLine } from '../wire/log.ts';
import type { WireRun } from '../wire/run.ts';
import type { NodesEvent } from './node-memory.ts';
import { runLive } from './run-live.ts';

let world: LiveWorld;
beforeEach(async () => {
  world = await startLiveWorld();
});
afterEach(() => world.close());

const run = runRef('one');
const possible = { possible: false };
const actions = { cancel: possible, again: possible, retry: possible };

const follow = (lastEventId?: string) =>
  world.follow((shell) =>
    runLive(
      {
        ...shell,
        namespace: 'acme',
        uid: 'one',
        async readRun() {
          const stored = await world.store.runs.get('acme', 'one');
          return stored && { ...stored, actions };
        },
      },
      lastEventId,
    ),
  );

/** In a line each. */
const told = (events: readonly LiveEvent[]) =>
  events.map(({ event, data }) => {
    if (event === 'run') return `run ${(data as WireRun).phase}`;
    if (event === 'nodes')
      return `nodes ${(data as NodesEvent).nodes.map((node) => `${node.uniqueId} ${node.status}`).join(', ')}`;
    const { stream, lines, end } = data as { stream: string; lines: LogLine[]; end?: string };
    return [`log ${stream}`, ...lines.map(({ n, text }) => `${n} ${text}`), ...(end ? [end] : [])].join(', ');
  });

it('tells the run, the lines of its log in order and its nodes, and what comes after', async () => {
  await world.store.ingest([
    progress(run),
    log(run, [line(1, 'a'), line(2, 'b')]),
    nodes(run, { nodes: [{ uniqueId: 'model.a', status: 'started' }] }),
  ]);
  const { events, end } = follow();
  const first = ['run running', 'log pod-1.dbt.0, 0 a, 1 b', 'nodes model.a started'];
  await vi.waitFor(() => expect(told(events)).toEqual(first));
  await world.store.ingest([
    log(run, [line(3, 'c')], { end: 'complete' }),
    nodes(run, {
      observedAt: '2026-11-23T02:02:00.000Z',
      nodes: [
        { uniqueId: 'model.a', status: 'success' },
        { uniqueId: 'model.b', status: 'started' },
      ],
    }),
    outcome(run),
  ]);
  await vi.waitFor(() =>
    expect(told(events)).toEqual([
      ...first,
      'run ended',
      'log pod-1.dbt.0, 2 c',
      'log pod-1.dbt.0, complete',
      'nodes model.a success, model.b started',
    ]),
  );
  await end();
});

it('goes on behind the line that a reader saw last, and tells the rest as it is now', async () => {
  await world.store.ingest([progress(run), log(run, [line(1, 'a'), line(2, 'b')])]);
  const first = follow();
  await vi.waitFor(() => expect(first.events).toHaveLength(2));
  await first.end();
  await world.store.ingest([log(run, [line(3, 'c')])]);
  const second = follow(first.events.at(-1)?.id);
  await vi.waitFor(() => expect(told(second.events)).toEqual(['run running', 'log pod-1.dbt.0, 2 c']));
  await second.end();
});

it('tells lines again whose numbers have changed by one that came late', async () => {
  await world.store.ingest([progress(run), log(run, [line(1, 'a'), line(3, 'c')])]);
  const { events, end } = follow();
  await vi.waitFor(() => expect(events).toHaveLength(2));
  await world.store.ingest([log(run, [line(2, 'b')])]);
  await vi.waitFor(() => expect(told(events).at(-1)).toBe('log pod-1.dbt.0, 1 b, 2 c'));
  await end();
});

it('begins a long log near its end, which its reader has from elsewhere', async () => {
  const lines = Array.from({ length: 1300 }, (_, at) => line(at, `line ${at}`));
  await world.store.ingest([progress(run), log(run, lines.slice(0, 900)), log(run, lines.slice(900))]);
  const { events, end } = follow();
  await vi.waitFor(() => expect(events).toHaveLength(2));
  const [, of] = events;
  expect((of?.data as { lines: LogLine[] }).lines.map(({ n }) => n)).toEqual(
    Array.from({ length: 200 }, (_, at) => 1100 + at),
  );
  await end();
});

it('tells a log that grew by much in several events', async () => {
  await world.store.ingest([progress(run), log(run, [line(0, 'first')])]);
  const { events, end } = follow();
  await vi.waitFor(() => expect(events).toHaveLength(2));
  const lines = Array.from({ length: 2500 }, (_, at) => line(at + 1, `line ${at}`));
  await world.store.ingest([log(run, lines)]);
  await vi.waitFor(() => expect(events).toHaveLength(5));
  expect(events.slice(2).map(({ data }) => (data as { lines: LogLine[] }).lines.length)).toEqual([
    1000, 1000, 500,
  ]);
  await end();
});

it('S18: tells nothing of a run of the same UID in another organization', async () => {
  await world.store.ingest([progress(run)]);
  const { events, end } = follow();
  await vi.waitFor(() => expect(events).toHaveLength(1));
  await world.store.ingest([log(runRef('one', { namespace: 'globex' }), [line(1, 'theirs')])]);
  await world.store.ingest([log(run, [line(1, 'ours')])]);
  await vi.waitFor(() => expect(told(events)).toEqual(['run running', 'log pod-1.dbt.0, 0 ours']));
  await end();
});

it.each(['', 'e30', '!!', Buffer.from('[["a",-1]]').toString('base64url')])(
  'begins as without an id at the id %j',
  async (id) => {
    await world.store.ingest([progress(run), log(run, [line(1, 'a')])]);
    const { events, end } = follow(id);
    await vi.waitFor(() => expect(told(events)).toEqual(['run running', 'log pod-1.dbt.0, 0 a']));
    await end();
  },
);
