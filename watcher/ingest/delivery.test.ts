import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  IngestionBatch,
  IngestionReport,
  OutcomeReport,
  ProgressReport,
} from '../../contract/ingestion.ts';
import { createDbtLogReader } from '../dbt/log.ts';
import { openSpool } from '../spool/spool.ts';
import { type ControlPlane, IngestionError, type Rejection } from './control-plane.ts';
import { createDelivery } from './delivery.ts';
import { openOutbox } from './outbox.ts';

let folder: string;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-'));
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await rm(folder, { recursive: true });
});

const run = (uid: string) => ({ uid, kind: 'Job' as const, namespace: 'shop', name: uid, project: 'shop' });
const outcome = (uid: string, message = 'm'): OutcomeReport => ({
  kind: 'outcome',
  run: run(uid),
  decidedAt: '2026-11-23T02:10:00.000Z',
  outcome: { result: 'failed', reason: 'OOMKilled', message },
});
const progress = (uid: string, phase: ProgressReport['phase'], seconds: number): ProgressReport => ({
  kind: 'progress',
  run: run(uid),
  observedAt: `2026-11-23T02:00:0${seconds}.000Z`,
  phase,
  trigger: { kind: 'tool' },
  createdAt: '2026-11-23T02:00:00.000Z',
  command: ['dbt', 'build'],
  attempts: [],
});
const nodeLine = (uniqueId: string) => {
  const data = { node_info: { unique_id: uniqueId, node_status: 'success' } };
  return `${JSON.stringify({ info: { name: 'NodeFinished', msg: '' }, data })}\n`;
};
const stamp = (nanos: number) => `2026-11-23T02:00:00.${String(nanos).padStart(9, '0')}Z`;

async function start(
  answer: (reports: readonly IngestionReport[], count: number) => readonly Rejection[] | Error,
) {
  const batches: IngestionBatch[] = [];
  const delivered: string[] = [];
  const rejected: string[] = [];
  const pauses: number[] = [];
  const controlPlane: ControlPlane = {
    send(batch) {
      batches.push(batch);
      const found = answer(batch.reports, batches.length);
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
    },
  };
  const outbox = await openOutbox(join(folder, 'outbox'));
  const delivery = createDelivery({
    controlPlane,
    outbox,
    sentBy: 'watcher-0',
    random: () => 0,
    now: () => Date.parse('2026-11-23T02:10:00Z'),
    async sleep(ms, signal) {
      if (ms < 60_000) pauses.push(ms);
      await sleep(ms < 60_000 ? 0 : ms, undefined, { signal }).catch(() => undefined);
    },
    onDelivered: (uid) => delivered.push(uid),
    onSent: () => undefined,
    onRejected: ({ run: { uid } }, message) => rejected.push(`${uid}: ${message}`),
    onTrouble: () => undefined,
  });
  const spool = await openSpool({
    folder: join(folder, 'logs'),
    maxBytes: 1_000_000,
    onDropped: () => undefined,
  });
  const stopping = new AbortController();
  const begin = () => {
    const done = delivery.run(stopping.signal);
    stops.push(async () => {
      stopping.abort();
      await done;
    });
  };
  const kinds = () =>
    batches.map(({ reports }) => reports.map((report) => `${report.kind} ${report.run.uid}`));
  return { delivery, outbox, spool, batches, delivered, rejected, pauses, kinds, begin };
}

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 2 });

describe('what the control plane is told', () => {
  it('is that the watcher is there, where nothing runs', async () => {
    const world = await start(() => []);
    world.begin();
    await eventually(() =>
      expect(world.batches).toEqual([{ version: 'v1', sentBy: 'watcher-0', reports: [] }]),
    );
  });

  it('is told no faster where even that is refused', async () => {
    const world = await start((_, count) => (count < 3 ? new IngestionError(400, 'no', 0) : []));
    world.begin();
    await eventually(() => expect(world.batches).toHaveLength(3));
    expect(world.pauses).toHaveLength(2);
  });

  it('J29 is held while it is down, as long as it asks for, and sent again until it is taken', async () => {
    const world = await start((_, count) => (count < 4 ? new IngestionError(429, 'later', 7000) : []));
    await world.delivery.outcome(outcome('a'));
    world.begin();
    await eventually(() => expect(world.delivered).toEqual(['a']));
    expect(world.kinds()).toEqual(Array.from({ length: 4 }, () => ['outcome a']));
    expect(world.pauses).toEqual([7000, 7000, 7000]);
    expect([world.delivery.isDelivered('a'), [...world.outbox.waiting]]).toEqual([true, []]);
  });

  it('J8 is on disk before it is sent, and found there by the next process', async () => {
    const first = await start(() => []);
    await first.delivery.outcome(outcome('a'));
    const second = await start(() => []);
    second.begin();
    await eventually(() => expect(second.kinds()).toEqual([['outcome a']]));
  });

  it('is a log by its lines, counted where they share a stamp, with its gaps and its end', async () => {
    const world = await start(() => []);
    const log = await world.spool.open({ runUid: 'a', podUid: 'pod', container: 'dbt', execution: 1 });
    await log.append(`${stamp(1)} one\n${stamp(1)} two\n!gap rotated\n${stamp(2)} three\n`);
    world.delivery.log(run('a'), log);
    world.begin();
    await eventually(() => expect(world.batches).toHaveLength(1));
    await log.append(`${stamp(2)} four\n!end incomplete\n`);
    world.delivery.log(run('a'), log);
    await eventually(() => expect(world.batches).toHaveLength(2));
    const part = { kind: 'log', run: run('a'), attempt: 'pod', container: 'dbt', execution: 1 };
    expect(world.batches.flatMap(({ reports }) => reports)).toEqual([
      {
        ...part,
        lines: [
          { at: stamp(1), n: 0, text: 'one' },
          { at: stamp(1), n: 1, text: 'two' },
          { at: stamp(2), n: 0, text: 'three' },
        ],
        gaps: [{ after: stamp(1), reason: 'rotated' }],
      },
      { ...part, lines: [{ at: stamp(2), n: 1, text: 'four' }], gaps: [], end: 'incomplete' },
    ]);
    expect(world.delivery.isPending('a')).toBe(false);
  });

  it('is sent in smaller parts where a batch is too large, and without a report that is too large alone', async () => {
    const world = await start((reports) =>
      reports.length > 1 || reports[0]?.run.uid === 'huge' ? new IngestionError(413, 'too large') : [],
    );
    for (const uid of ['a', 'huge', 'b']) await world.delivery.outcome(outcome(uid, 'x'.repeat(300)));
    world.begin();
    await eventually(() => expect(new Set(world.delivered)).toEqual(new Set(['a', 'huge', 'b'])));
    expect(world.rejected).toEqual(['huge: too large']);
  });

  it('is not sent again where it was rejected', async () => {
    const world = await start(() => [{ index: 0, message: 'no such project' }]);
    await world.delivery.outcome(outcome('a'));
    world.begin();
    await eventually(() => expect(world.delivered).toEqual(['a']));
    expect([world.rejected, world.batches.length]).toEqual([['a: no such project'], 1]);
  });

  it('is progress only where it says something new', async () => {
    const world = await start(() => []);
    world.delivery.progress(progress('a', 'pending', 1));
    world.begin();
    await eventually(() => expect(world.batches).toHaveLength(1));
    world.delivery.progress(progress('a', 'pending', 2));
    world.delivery.progress(progress('a', 'running', 3));
    await eventually(() => expect(world.batches).toHaveLength(2));
    expect(world.batches.flatMap(({ reports }) => reports)).toEqual([
      progress('a', 'pending', 1),
      progress('a', 'running', 3),
    ]);
  });

  it('J29 is all that dbt said of its nodes, before the run counts as delivered', async () => {
    const world = await start((_, count) => (count === 1 ? new IngestionError(503, 'later', 0) : []));
    const reader = createDbtLogReader();
    const source = { attempt: 'pod', execution: 0, news: (most: number) => reader.news(most) };
    for (let id = 0; id < 450; id += 1) reader.push(nodeLine(`model.${id}`));
    world.delivery.nodes(run('a'), source);
    await world.delivery.outcome(outcome('a'));
    world.begin();
    await eventually(() => expect(world.delivered).toEqual(['a']));
    const taken = world.batches.slice(1).flatMap(({ reports }) => reports);
    const named = taken.flatMap((report) => (report.kind === 'nodes' ? report.nodes : []));
    expect(new Set(named.map(({ uniqueId }) => uniqueId)).size).toBe(450);
    expect([world.delivery.isDelivered('a'), world.delivery.waiting()]).toEqual([true, 0]);
    reader.push(nodeLine('model.450'));
    expect(world.delivery.isDelivered('a')).toBe(false);
    world.delivery.nodes(run('a'), source);
    await eventually(() => expect(world.delivery.isDelivered('a')).toBe(true));
    expect(world.pauses).toContain(1000);
  });
});
