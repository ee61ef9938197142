import { describe, expect, it } from 'vitest';
import { runFilter } from '../wire/run.ts';
import { type AuditEntry, type PlanRecord, UnknownCursorError } from './store.ts';
import { address, line, log, nodes, outcome, progress, runRef } from './testdata/reports.ts';
import { describeStore, epoch } from './testdata/stores.ts';

/** As the API answers: a field that is not known is absent. */
const shown = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describeStore('the store', (world) => {
  describe('nodes', () => {
    it('are the latest word on each, by command, in the order of attempts', async () => {
      const run = runRef('nodes');
      const attempt = (uid: string) => ({
        uid,
        name: uid,
        phase: 'Failed',
        createdAt: '2026-11-23T02:00:01Z',
      });
      const orders = { uniqueId: 'model.shop.orders', startedAt: '2026-11-23T02:00:10Z' };
      const test = { uniqueId: 'test.shop.not_null_orders_id.1a2b3c', startedAt: '2026-11-23T02:00:09Z' };
      await world().store.ingest([
        progress(run, { attempts: [attempt('z-first'), attempt('a-second')] }),
        nodes(run, { attempt: 'a-second', nodes: [{ uniqueId: 'slow', status: 'started' }] }),
        nodes(run, { attempt: 'z-first', index: 1, version: '1.11.16', error: 'no' }),
        nodes(run, {
          attempt: 'z-first',
          observedAt: '2026-11-23T02:01:02Z',
          elapsedSeconds: 2,
          nodes: [{ ...orders, status: 'success', seconds: 1.5, thread: 'Thread-1' }],
        }),
      ]);
      await world().store.ingest([
        nodes(run, {
          attempt: 'z-first',
          observedAt: '2026-11-23T02:01:01Z',
          nodes: [
            { ...orders, status: 'started' },
            { ...test, status: 'fail', message: 'Got 1 result' },
          ],
        }),
      ]);
      expect(shown(await world().store.nodes.of('acme', 'nodes'))).toEqual([
        {
          attempt: 'z-first',
          execution: 0,
          index: 0,
          elapsedSeconds: 2,
          nodes: [
            { ...test, type: 'test', name: 'not_null_orders_id', status: 'fail', message: 'Got 1 result' },
            { ...orders, type: 'model', name: 'orders', status: 'success', seconds: 1.5, thread: 'Thread-1' },
          ],
        },
        { attempt: 'z-first', execution: 0, index: 1, version: '1.11.16', error: 'no', nodes: [] },
        {
          attempt: 'a-second',
          execution: 0,
          index: 0,
          nodes: [{ uniqueId: 'slow', type: '', name: 'slow', status: 'started' }],
        },
      ]);
      expect(await world().store.nodes.of('globex', 'nodes')).toEqual([]);
    });
  });

  describe('plans', () => {
    const plan = (tweak: Partial<PlanRecord> = {}): PlanRecord => ({
      namespace: 'acme',
      project: 'shop',
      id: 'p1',
      image: 'shop:1',
      commit: 'a'.repeat(40),
      phase: 'Candidate',
      createdAt: '2026-11-23T02:00:00.000Z',
      ...tweak,
    });
    const list = (project: string, limit = 10) => world().store.plans.list('acme', project, limit);

    it('keep what was known of them, and how they were tried once and for all', async () => {
      const record = (plans: PlanRecord[]) => world().store.plans.record(plans);
      await record([plan({ createdBy: 'ada' })]);
      const failed = {
        phase: 'Failed',
        finishedAt: '2026-11-23T02:01:00.000Z',
        message: 'no',
        run: 'r1',
      } as const;
      await record([plan(failed)]);
      await record([plan(), plan({ phase: 'Promoted' })]);
      expect(await list('shop')).toEqual([plan({ createdBy: 'ada', ...failed })]);
    });

    it('of a project that was made again begin anew', async () => {
      const first = plan({ project: 'again', phase: 'Promoted', createdBy: 'ada', message: 'fine' });
      const second = plan({ project: 'again', createdAt: '2026-11-24T02:00:00.000Z', image: 'shop:2' });
      await world().store.plans.record([first]);
      await world().store.plans.record([second]);
      expect(await list('again')).toEqual([second]);
    });

    it('are listed from the newest on', async () => {
      const ids = ['a', 'b', 'c'];
      const of = (id: string, day: number) =>
        plan({ project: 'many', id, createdAt: `2026-11-0${day}T00:00:00.000Z` });
      await world().store.plans.record(ids.map((id, i) => of(id, i + 1)));
      expect((await list('many', 2)).map(({ id }) => id)).toEqual(['c', 'b']);
      expect(await world().store.plans.list('globex', 'many', 10)).toEqual([]);
    });
  });

  describe('the audit trail', () => {
    const entry = (minute: number, tweak: Partial<AuditEntry> = {}): AuditEntry => ({
      at: `2026-11-23T04:0${minute}:00.000Z`,
      namespace: 'audited',
      user: 'ada',
      action: 'run.cancel',
      object: 'Job/nightly-1',
      ...tweak,
    });

    it('says who did what, the newest first, page by page', async () => {
      const { audit } = world().store;
      const entries = [entry(1), entry(2, { project: 'shop' }), entry(3), entry(4)];
      for (const one of entries) await audit.record(one);
      await audit.record(entry(5, { namespace: 'globex' }));
      const first = await audit.list('audited', { limit: 3 });
      const second = await audit.list('audited', { limit: 3, ...(first.next && { before: first.next }) });
      expect([...first.entries, ...second.entries]).toEqual(entries.toReversed());
      expect(second.next).toBeUndefined();
      await expect(audit.list('audited', { before: 'x', limit: 3 })).rejects.toThrow(UnknownCursorError);
    });
  });

  describe('the watcher', () => {
    it('was last heard at the latest instant', async () => {
      const { watcher } = world().store;
      expect(await watcher.heardAt()).toBeUndefined();
      await watcher.heard('2026-11-23T02:00:02.000Z');
      await watcher.heard('2026-11-23T02:00:01.000Z');
      expect(await watcher.heardAt()).toBe('2026-11-23T02:00:02.000Z');
    });
  });

  describe('the sweep', () => {
    it('removes logs, then runs and the audit trail, when their time has come', async () => {
      const { store, clock } = world();
      const run = (uid: string) => runRef(uid, { namespace: 'swept' });
      const told = (uid: string) => [
        progress(run(uid)),
        outcome(run(uid)),
        nodes(run(uid), { nodes: [{ uniqueId: 'model.shop.orders', status: 'success' }] }),
        log(run(uid), [line(1, 'a')]),
      ];
      clock.now = '2027-01-20T00:00:00.000Z';
      await store.ingest(told('old'));
      const entry = { namespace: 'swept', user: 'ada', action: 'a', object: 'o' };
      await store.audit.record({ ...entry, at: clock.now });
      clock.now = '2027-04-10T00:00:00.000Z';
      await store.ingest(told('new'));
      await store.audit.record({ ...entry, at: clock.now });

      // What the other tests have told goes with it.
      expect(await store.sweep('2027-02-28T00:00:00.000Z')).toMatchObject({ by: 'this' });
      expect(await store.logs.streams('swept', 'old')).toMatchObject([{ lines: 1, removed: true }]);
      expect(await store.logs.range(address(run('old')), 0, 10)).toEqual({ lines: [], total: 1 });
      await store.ingest([log(run('old'), [line(1, 'a'), line(2, 'late')])]);
      expect(await store.logs.range(address(run('old')), 0, 10)).toEqual({ lines: [], total: 1 });
      expect(await store.runs.get('swept', 'old')).toMatchObject({ result: 'failed' });

      expect(await store.sweep('2027-04-25T00:00:00.000Z')).toEqual({
        by: 'this',
        runs: 1,
        logs: 0,
        auditEntries: 1,
      });
      expect(await store.runs.get('swept', 'old')).toBeUndefined();
      expect(await store.nodes.of('swept', 'old')).toEqual([]);
      expect(await store.logs.streams('swept', 'old')).toEqual([]);
      const left = await store.runs.list('swept', 'shop', runFilter.parse({}));
      expect(left.runs.map(({ uid }) => uid)).toEqual(['new']);
      expect((await store.logs.range(address(run('new')), 0, 10))?.lines.length).toBe(1);
      expect((await store.audit.list('swept', { limit: 5 })).entries.length).toBe(1);
      clock.now = epoch;
    });
  });

  it('is healthy', async () => {
    expect(await world().store.health()).toBe('ok');
    expect(world().troubles).toEqual([]);
  });
});
