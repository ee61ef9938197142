import { describe, expect, it } from 'vitest';
import { duration, secondsBetween } from './duration.ts';

describe('duration', () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ['nothing', 0, '0s'],
    ['tenths below ten seconds', 0.44, '0.4s'],
    ['no tenth that is none', 3.02, '3s'],
    ['whole seconds from ten on', 9.97, '10s'],
    ['minutes and seconds', 72, '1m 12s'],
    ['a whole minute', 60, '1m'],
    ['a rounded minute', 59.6, '1m'],
    ['hours and minutes', 7530, '2h 5m'],
    ['days and hours', 273_600, '3d 4h'],
    ['what is no duration', Number.NaN, '–'],
  ];
  for (const [name, seconds, text] of cases) {
    it(`writes ${name} as ${text}`, () => expect(duration(seconds)).toBe(text));
  }
});

describe('secondsBetween', () => {
  const start = '2026-03-01T05:00:00Z';
  it('counts to the end', () => expect(secondsBetween(start, '2026-03-01T05:01:00Z', 0)).toBe(60));
  it('counts to now while there is no end', () =>
    expect(secondsBetween(start, undefined, Date.parse(start) + 1500)).toBe(1.5));
  it('is never below nothing, whatever the clocks say', () =>
    expect(secondsBetween(start, '2026-03-01T04:59:00Z', 0)).toBe(0));
});
