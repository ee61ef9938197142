import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration } from './duration.ts';
import { parseDuration } from './parse-duration.ts';

describe('parseDuration', () => {
  const cases: Readonly<Record<string, number | undefined>> = {
    '90m': 5400,
    '1h 30m': 5400,
    '1h30m': 5400,
    '45 s': 45,
    '2D': 172_800,
    '15': 900,
    '': undefined,
    soon: undefined,
    '1.5h': undefined,
    '-5m': undefined,
  };
  for (const [text, seconds] of Object.entries(cases)) {
    it(`takes "${text}" for ${seconds ?? 'nothing'}`, () => expect(parseDuration(text)).toBe(seconds));
  }
  it('takes what duration writes of whole minutes below a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 60 - 1 }), (minutes) => {
        expect(parseDuration(duration(minutes * 60))).toBe(minutes * 60);
      }),
    );
  });
});
