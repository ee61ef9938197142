import { describe, expect, it } from 'vitest';
import { exact, inBothZones, nearDay, relative } from './instant.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const after = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

describe('relative', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, 'just now'],
    [-9, 'just now'],
    [4, 'in a moment'],
    [-42, '42 s ago'],
    [-720, '12 min ago'],
    [3 * 3600, 'in 3 h'],
    [-47 * 3600, '47 h ago'],
    [-3 * 86_400, '3 days ago'],
    [-90 * 86_400, '3 months ago'],
  ];
  for (const [seconds, text] of cases) {
    it(`says "${text}"`, () => expect(relative(after(seconds), now)).toBe(text));
  }
});

describe('an instant', () => {
  it('is written with its day, in its zone', () =>
    expect(exact('2026-03-01T05:00:00Z', 'Europe/Berlin')).toBe('Sun 1 Mar 2026, 06:00:00'));
  it('is written in the zone of the reader and in UTC', () =>
    expect(inBothZones('2026-03-01T05:00:00Z', 'Asia/Kolkata')).toBe(
      'Sun 1 Mar 2026, 10:30:00 Asia/Kolkata\n2026-03-01 05:00:00 UTC',
    ));
});

describe('nearDay', () => {
  it('says today of the zone, not of UTC', () =>
    expect(nearDay('2026-03-01T22:30:00Z', 'America/New_York', now)).toBe('today 17:30'));
  it('says tomorrow across midnight of the zone', () =>
    expect(nearDay('2026-03-01T23:30:00Z', 'Europe/Berlin', now)).toBe('tomorrow 00:30'));
  it('says it in UTC where the browser does not know the zone', () =>
    expect(nearDay('2026-03-01T15:00:00Z', 'Mars/Olympus', now)).toBe('today 15:00 UTC'));
  it('names any other day', () =>
    expect(nearDay('2026-03-05T05:00:00Z', 'Europe/Berlin', now)).toBe('Thu 5 Mar, 06:00'));
});
