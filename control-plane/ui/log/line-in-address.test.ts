import { describe, expect, it } from 'vitest';
import { lineIn } from './line-in-address.ts';

describe('lineIn', () => {
  const cases: Readonly<Record<string, readonly [string, number | undefined]>> = {
    'counts from 0 what the address counts from 1': ['#L1234', 1233],
    'knows no line 0': ['#L0', undefined],
    'knows no line in another word': ['#Lx', undefined],
    'knows none without one': ['', undefined],
    'knows no line beyond all logs': ['#L99999999999', undefined],
  };
  for (const [sentence, [hash, line]] of Object.entries(cases)) {
    it(sentence, () => expect(lineIn(hash)).toBe(line));
  }
});
