import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCron } from './cron.ts';
import { nextRuns } from './next-runs.ts';
import { findZone } from './zone.ts';

/** `cron<TAB>zone<TAB>from<TAB>next runs`, made by testdata/recorder, which calls the parser of Kubernetes itself. */
const recorded = readFileSync(new URL('testdata/recorded.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'));

function runs(text: string, zoneName: string, from: string, count: number): string {
  const parsed = parseCron(text);
  if ('problems' in parsed) return (parsed.problems[0] ?? '').startsWith('never comes') ? 'never' : 'refused';
  const zone = findZone(zoneName);
  if (zone === undefined) throw new Error(`${zoneName} is no zone`);
  const found = nextRuns(parsed.cron, zone, Date.parse(from), count);
  const times = found.map((instant) => new Date(instant).toISOString().replace('.000Z', 'Z'));
  return [...times, ...(found.length < count ? ['never'] : [])].join(' ');
}

describe('nextRuns', () => {
  it('gives what the scheduler of CronJobs gives, and refuses what it refuses', () => {
    const differences = recorded.flatMap(([cron = '', zone = '', from = '', expected = '']) => {
      const found = runs(cron, zone, from, 6);
      return found === expected ? [] : [{ cron, zone, from, expected, found }];
    });
    expect(differences).toEqual([]);
    expect(recorded.length).toBeGreaterThan(400);
  });

  const amsterdam = 'Europe/Amsterdam';
  it.each([
    [
      'leaves out a time that is skipped',
      '30 2 * * *',
      amsterdam,
      '2026-03-28T12:00:00Z',
      '2026-03-30T00:30:00Z',
    ],
    [
      'comes twice at a time that comes twice',
      '30 2 * * *',
      amsterdam,
      '2026-10-24T12:00:00Z',
      '2026-10-25T00:30:00Z 2026-10-25T01:30:00Z',
    ],
    [
      'passes over a Friday whose midnight is skipped',
      '0 3 * * 5',
      'Africa/Cairo',
      '2026-04-18T00:00:00Z',
      '2026-05-01T00:00:00Z',
    ],
    ['waits for a leap year', '0 0 29 2 *', 'UTC', '2026-02-28T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['is never the given instant itself', '0 3 * * *', 'UTC', '2026-02-28T03:00:00Z', '2026-03-01T03:00:00Z'],
  ])('%s', (_, cron, zone, from, expected) => {
    expect(runs(cron, zone, from, expected.split(' ').length)).toBe(expected);
  });
});
