import { describe, expect, it } from 'vitest';
import type { LogLine, LogRange, LogStreams } from '../../wire/log.ts';
import { linesOn, pagesBetween, streamToOpen, withEvent, withLines } from './log-pages.ts';

const line = (n: number, more: Partial<LogLine> = {}): LogLine => ({
  n,
  at: '2026-03-01T05:00:00Z',
  text: `${n}`,
  ...more,
});
const lines = (from: number, to: number): LogLine[] =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const range = (from: number, to: number): LogRange => ({ lines: lines(from, to), total: to + 1 });

describe('pages', () => {
  it('are those that a range of lines touches', () => expect(pagesBetween(998, 2001)).toEqual([0, 1, 2]));
  it('hold a thousand lines, the last one the rest', () =>
    expect([linesOn(0, 1500), linesOn(1, 1500), linesOn(2, 1500)]).toEqual([1000, 500, 0]));
});

describe('withLines', () => {
  const cases: Readonly<
    Record<string, readonly [number, LogRange | undefined, readonly LogLine[], LogRange | undefined]>
  > = {
    'appends what follows': [0, range(0, 2), lines(3, 4), range(0, 4)],
    'takes only what is new of what comes again': [0, range(0, 2), lines(1, 4), range(0, 4)],
    'leaves the page alone where lines are missing between': [0, range(0, 2), lines(5, 6), range(0, 2)],
    'leaves what belongs to the next page': [0, range(0, 998), lines(999, 1001), range(0, 999)],
    'begins a page with its first line': [1, undefined, lines(999, 1001), range(1000, 1001)],
    'does not begin a page in its middle': [1, undefined, lines(1005, 1006), undefined],
  };
  for (const [sentence, [page, before, fresh, after]] of Object.entries(cases)) {
    it(sentence, () => expect(withLines(page, before, fresh)).toEqual(after));
  }
});

const stream = (id: string, container: string): LogStreams['streams'][number] => ({
  id,
  attempt: 'a1',
  container,
  execution: 0,
  lines: 10,
  bytes: 100,
});

describe('withEvent', () => {
  const known: LogStreams = { streams: [stream('a1.git.0', 'git'), stream('a1.dbt.0', 'dbt')] };
  it('counts the lines, marks the first error and the end', () =>
    expect(
      withEvent(known, {
        stream: 'a1.dbt.0',
        lines: [line(10), line(11, { level: 'error' })],
        end: 'complete',
      }),
    ).toEqual({
      streams: [
        stream('a1.git.0', 'git'),
        { ...stream('a1.dbt.0', 'dbt'), lines: 12, firstErrorLine: 11, end: 'complete' },
      ],
    }));
  it('does not count what comes again', () =>
    expect(withEvent(known, { stream: 'a1.dbt.0', lines: [line(3)] })).toEqual(known));
  it('knows when it does not know the stream', () =>
    expect(withEvent(known, { stream: 'a2.dbt.0', lines: [] })).toBeUndefined());
});

describe('streamToOpen', () => {
  const streams = [stream('a1.git.0', 'git'), stream('a1.dbt.0', 'dbt'), stream('a2.git.0', 'git')];
  it('is the last of the container that decided', () =>
    expect(streamToOpen(streams, 'dbt')?.id).toBe('a1.dbt.0'));
  it('is the last one while nothing is decided', () =>
    expect(streamToOpen(streams, undefined)?.id).toBe('a2.git.0'));
  it('is none where there is none', () => expect(streamToOpen([], 'dbt')).toBeUndefined());
});
