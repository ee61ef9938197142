import { describe, expect, it } from 'vitest';
import type { WireJob } from '../../wire/job.ts';
import type { RunSummary } from '../../wire/run.ts';
import { foldIntoJob, foldRun } from './fold-run.ts';
import type { RunPages } from './fold-run.ts';

const run = (uid: string, minute: number, more: Partial<RunSummary> = {}): RunSummary => ({
  uid,
  name: `nightly-${uid}`,
  project: 'shop',
  job: 'nightly',
  phase: 'running',
  trigger: { kind: 'schedule' },
  command: ['dbt', 'build'],
  createdAt: `2026-03-01T05:${String(minute).padStart(2, '0')}:00Z`,
  ...more,
});
const pagesOf = (...pages: readonly (readonly RunSummary[])[]): RunPages => ({
  pages: pages.map((runs) => ({ runs: [...runs] })),
  pageParams: pages.map(() => ''),
});
const ended: Partial<RunSummary> = { phase: 'ended', result: 'failed' };

describe('foldRun', () => {
  const list = pagesOf([run('c', 30), run('b', 20)], [run('a', 10)]);
  const cases: Readonly<Record<string, readonly [RunSummary, Parameters<typeof foldRun>[2], RunPages]>> = {
    'puts a new run on top': [
      run('d', 40),
      {},
      pagesOf([run('d', 40), run('c', 30), run('b', 20)], [run('a', 10)]),
    ],
    'changes a run where it stands': [
      run('a', 10, ended),
      {},
      pagesOf([run('c', 30), run('b', 20)], [run('a', 10, ended)]),
    ],
    'takes out a run that no longer fits': [
      run('b', 20, ended),
      { phase: 'running' },
      pagesOf([run('c', 30)], [run('a', 10)]),
    ],
    'leaves out a new run that does not fit': [run('d', 40), { job: 'hourly' }, list],
    'leaves out an older run of a page that is not loaded': [run('z', 5), {}, list],
  };
  for (const [sentence, [change, choice, result]] of Object.entries(cases)) {
    it(sentence, () => expect(foldRun(list, change, choice)).toEqual(result));
  }
  it('begins an empty list', () =>
    expect(foldRun(pagesOf([]), run('a', 1), {})).toEqual(pagesOf([run('a', 1)])));
});

describe('foldIntoJob', () => {
  const last = (uid: string, minute: number): WireJob['lastRuns'][number] => {
    const { name, phase, createdAt } = run(uid, minute);
    return { uid, name, phase, createdAt };
  };
  const job: WireJob = {
    name: 'nightly',
    project: 'shop',
    resourceVersion: '1',
    createdAt: '2026-01-01T00:00:00Z',
    argv: ['dbt', 'build'],
    schedule: { cron: '0 6 * * *', timeZone: 'UTC', reading: '', next: [], warnings: [] },
    paused: false,
    lastRuns: [last('b', 20), last('a', 10)],
  };
  it('puts a new run first, with how long it took', () => {
    const done = run('c', 30, {
      ...ended,
      startedAt: '2026-03-01T05:30:10Z',
      endedAt: '2026-03-01T05:31:40Z',
    });
    expect(foldIntoJob(job, done).lastRuns).toEqual([
      { ...last('c', 30), phase: 'ended', result: 'failed', seconds: 90 },
      last('b', 20),
      last('a', 10),
    ]);
  });
  it('changes a run in its place', () =>
    expect(foldIntoJob(job, run('a', 10, ended)).lastRuns).toEqual([
      last('b', 20),
      { ...last('a', 10), phase: 'ended', result: 'failed' },
    ]));
  it('keeps twenty', () => {
    const many = {
      ...job,
      lastRuns: Array.from({ length: 20 }, (_, index) => last(`r${index}`, 40 - index)),
    };
    expect(foldIntoJob(many, run('new', 50)).lastRuns.map(({ uid }) => uid)).toEqual([
      'new',
      ...many.lastRuns.slice(0, 19).map(({ uid }) => uid),
    ]);
  });
  it('leaves another job alone', () => expect(foldIntoJob(job, run('c', 30, { job: 'hourly' }))).toBe(job));
});
