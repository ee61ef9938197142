import { describe, expect, it } from 'vitest';
import { runFilter, type RunFilter } from '../wire/run.ts';
import { UnknownCursorError } from './store.ts';
import { outcome, progress, runRef } from './testdata/reports.ts';
import { describeStore, epoch } from './testdata/stores.ts';

const filter = (tweak: Partial<RunFilter> = {}) => ({ ...runFilter.parse({}), ...tweak });
/** As the API answers: a field that is not known is absent. */
const shown = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describeStore('the history', (world) => {
  describe('a run', () => {
    it('is what the watcher told of it', async () => {
      const run = runRef('whole', { job: 'nightly', plan: 'p1' });
      const attempt = {
        uid: 'pod-1',
        name: 'whole-abc',
        phase: 'Running',
        node: 'n1',
        createdAt: '2026-11-23T02:00:01Z',
        clone: { startedAt: '2026-11-23T02:00:02Z', endedAt: '2026-11-23T02:00:03Z' },
      };
      await world().store.ingest([
        progress(run, {
          attempts: [attempt],
          image: 'shop:1',
          commit: 'a'.repeat(40),
          waitingFor: 'a node',
          startedAt: '2026-11-23T02:00:01Z',
        }),
      ]);
      expect(shown(await world().store.runs.get('acme', 'whole'))).toEqual({
        uid: 'whole',
        kind: 'Job',
        namespace: 'acme',
        name: 'whole-name',
        project: 'shop',
        job: 'nightly',
        plan: 'p1',
        phase: 'running',
        trigger: { kind: 'schedule', scheduledFor: '2026-11-23T02:00:00.000Z' },
        command: ['dbt', 'build'],
        image: 'shop:1',
        commit: 'a'.repeat(40),
        waitingFor: 'a node',
        createdAt: '2026-11-23T02:00:00.000Z',
        startedAt: '2026-11-23T02:00:01Z',
        attempts: [attempt],
      });
    });

    it('is what was observed last, whatever comes late', async () => {
      const run = runRef('late');
      await world().store.ingest([progress(run, { observedAt: '2026-11-23T02:00:09Z', command: ['new'] })]);
      await world().store.ingest([
        progress(run, { observedAt: '2026-11-23T02:00:08.999Z', command: ['old'] }),
      ]);
      expect((await world().store.runs.get('acme', 'late'))?.command).toEqual(['new']);
    });

    it('keeps the first outcome, and has ended with it', async () => {
      const run = runRef('decided');
      await world().store.ingest([outcome(run, { exitCode: 137, container: 'dbt' })]);
      await world().store.ingest([
        outcome(run, { result: 'succeeded', reason: 'DbtSucceeded', message: 'fine' }),
      ]);
      await world().store.ingest([progress(run, { phase: 'running' })]);
      expect(shown(await world().store.runs.get('acme', 'decided'))).toMatchObject({
        phase: 'ended',
        result: 'failed',
        reason: 'OOMKilled',
        endedAt: '2026-11-23T02:10:00.000Z',
        outcome: {
          message: 'container dbt was killed',
          nextStep: expect.stringContaining('memory') as string,
          container: 'dbt',
          exitCode: 137,
          failedNodes: [],
          unfinishedNodes: [],
        },
      });
    });

    it('of which only the outcome is known is shown with it', async () => {
      const dbt = {
        counts: { error: 1 },
        failedNodes: [{ uniqueId: 'model.shop.orders', status: 'error', message: 'no' }],
        unfinishedNodes: ['model.shop.slow'],
      };
      await world().store.ingest([outcome(runRef('outcome-only'), { reason: 'DbtHandledError', dbt })]);
      expect(shown(await world().store.runs.get('acme', 'outcome-only'))).toEqual({
        uid: 'outcome-only',
        kind: 'Job',
        namespace: 'acme',
        name: 'outcome-only-name',
        project: 'shop',
        phase: 'ended',
        result: 'failed',
        reason: 'DbtHandledError',
        trigger: { kind: 'tool' },
        command: [],
        createdAt: '2026-11-23T02:10:00.000Z',
        endedAt: '2026-11-23T02:10:00.000Z',
        attempts: [],
        outcome: {
          message: 'container dbt was killed',
          nextStep: 'correct the failed nodes, then run again',
          ...dbt,
        },
      });
    });

    it('is there as soon as the API has created it, and what the watcher tells replaces that', async () => {
      const created = {
        ...runRef('created'),
        trigger: { kind: 'manual' as const, by: 'ada' },
        createdAt: '2026-11-23T02:00:00Z',
        command: ['dbt', 'run'],
      };
      await world().store.runs.created(created);
      expect(await world().store.runs.get('acme', 'created')).toMatchObject({
        phase: 'pending',
        trigger: { kind: 'manual', by: 'ada' },
        command: ['dbt', 'run'],
      });
      await world().store.ingest([progress(runRef('created'), { observedAt: '1970-01-01T00:00:00Z' })]);
      await world().store.runs.created(created);
      expect(await world().store.runs.get('acme', 'created')).toMatchObject({
        phase: 'running',
        trigger: { kind: 'schedule' },
      });
    });

    it('of another organization does not exist, even under the same UID', async () => {
      await world().store.ingest([
        progress(runRef('twin', { namespace: 'acme' })),
        progress(runRef('twin', { namespace: 'globex' }), { command: ['theirs'] }),
      ]);
      expect((await world().store.runs.get('acme', 'twin'))?.command).toEqual(['dbt', 'build']);
      expect((await world().store.runs.get('globex', 'twin'))?.command).toEqual(['theirs']);
      expect(await world().store.runs.get('initech', 'twin')).toBeUndefined();
      expect(await world().store.runs.list('initech', 'shop', filter())).toEqual({
        runs: [],
        next: undefined,
      });
    });

    it('that cannot be written leaves nothing of its batch behind', async () => {
      const bad = progress(runRef('bad'), { createdAt: 'never' });
      await expect(world().store.ingest([progress(runRef('beside')), bad])).rejects.toThrow();
      expect(await world().store.runs.get('acme', 'beside')).toBeUndefined();
    });
  });

  describe('the list of runs', () => {
    const at = (minute: number) => `2026-11-23T03:${String(minute).padStart(2, '0')}:00Z`;
    const uids = async (tweak: Partial<RunFilter>) =>
      (await world().store.runs.list('lists', 'shop', filter(tweak))).runs.map(({ uid }) => uid);

    it('is paged from the newest on, each run once, also where many have one instant', async () => {
      const run = (uid: string) => runRef(uid, { namespace: 'pages' });
      const reports = Array.from({ length: 25 }, (_, i) =>
        progress(run(`r${String(i).padStart(2, '0')}`), { createdAt: at(Math.floor(i / 10)) }),
      );
      await world().store.ingest(reports);
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const page = await world().store.runs.list('pages', 'shop', filter({ before, limit: 4 }));
        seen.push(...page.runs.map(({ uid }) => uid));
        before = page.next;
      } while (before !== undefined);
      expect(seen).toEqual(reports.map((report) => report.run.uid).reverse());
    });

    it('has of a project only its own, by job, result, phase and trigger', async () => {
      const run = (uid: string, tweak = {}) => runRef(uid, { namespace: 'lists', ...tweak });
      await world().store.ingest([
        progress(run('a', { job: 'nightly' }), { createdAt: at(1) }),
        progress(run('b', { job: 'nightly' }), { createdAt: at(2), trigger: { kind: 'manual' } }),
        outcome(run('b', { job: 'nightly' })),
        progress(run('c', { job: 'hourly' }), { createdAt: at(3), phase: 'pending' }),
        progress(run('d', { project: 'other' }), { createdAt: at(4) }),
      ]);
      const cases: [Partial<RunFilter>, string[]][] = [
        [{}, ['c', 'b', 'a']],
        [{ job: 'nightly' }, ['b', 'a']],
        [{ result: 'failed' }, ['b']],
        [{ phase: 'pending' }, ['c']],
        [{ phase: 'ended', job: 'nightly' }, ['b']],
        [{ trigger: 'manual' }, ['b']],
        [{ trigger: 'manual', phase: 'running' }, []],
      ];
      for (const [tweak, expected] of cases) expect(await uids(tweak)).toEqual(expected);
    });

    it('takes no cursor that it has not given', async () => {
      for (const before of ['', 'x', "2026-11-23T03:00:00.000Z'; drop table run"])
        await expect(uids({ before })).rejects.toThrow(UnknownCursorError);
    });

    it('has the last runs of each job', async () => {
      const run = (uid: string, job: string) => runRef(uid, { namespace: 'last', job });
      const jobs = Array.from({ length: 120 }, (_, i) => `job-${i}`);
      await world().store.ingest(jobs.map((job) => progress(run(`${job}-old`, job), { createdAt: at(1) })));
      await world().store.ingest(jobs.map((job) => progress(run(`${job}-new`, job), { createdAt: at(2) })));
      await world().store.ingest(jobs.map((job) => progress(run(`${job}-older`, job), { createdAt: at(0) })));
      const found = await world().store.runs.lastOfJobs('last', 'shop', [...jobs, 'never'], 2);
      expect([...found].map(([job, runs]) => [job, runs.map(({ uid }) => uid)])).toEqual([
        ...jobs.map((job) => [job, [`${job}-new`, `${job}-old`]]),
        ['never', []],
      ]);
    });

    it('tells what has changed since an instant', async () => {
      const run = (uid: string) => runRef(uid, { namespace: 'changes' });
      await world().store.ingest([progress(run('before')), progress(run('then'))]);
      world().clock.now = '2026-11-23T02:30:00.000Z';
      await world().store.ingest([progress(run('before')), outcome(run('then'))]);
      const changed = await world().store.runs.changedSince(
        'changes',
        'shop',
        '2026-11-23T02:20:00.000Z',
        10,
      );
      world().clock.now = epoch;
      expect(changed.map(({ uid, result }) => [uid, result])).toEqual([['then', 'failed']]);
    });
  });
});
