import { describe, expect, it } from 'vitest';
import type { WireJob } from '../../wire/job.ts';
import { barsInWords, barsOf } from './bars.ts';

type LastRun = WireJob['lastRuns'][number];
const run = (uid: string, more: Partial<LastRun> = {}): LastRun => ({
  uid,
  name: uid,
  phase: 'ended',
  result: 'succeeded',
  createdAt: '2026-03-01T05:00:00Z',
  seconds: 100,
  ...more,
});

describe('barsOf', () => {
  it('stands the newest last, as high as it was long beside the longest', () => {
    const newest = run('b', { phase: 'running', seconds: undefined, result: undefined });
    expect(barsOf([newest, run('a'), run('z', { seconds: 50, result: 'failed' })])).toEqual([
      { run: run('z', { seconds: 50, result: 'failed' }), status: 'failed', place: 17, height: 0.625 },
      { run: run('a'), status: 'succeeded', place: 18, height: 1 },
      { run: newest, status: 'running', place: 19, height: 0.5 },
    ]);
  });
  it('has none without runs', () => expect(barsOf([])).toEqual([]));
  it('shows twenty at most', () =>
    expect(barsOf(Array.from({ length: 25 }, () => run('a')))).toHaveLength(20));
});

describe('barsInWords', () => {
  it('counts each status', () =>
    expect(barsInWords(barsOf([run('c'), run('b', { result: 'failed' }), run('a')]))).toBe(
      'Last 3 runs: 2 succeeded, 1 failed',
    ));
});
