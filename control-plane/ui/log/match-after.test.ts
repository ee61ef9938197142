import { describe, expect, it } from 'vitest';
import { matchAfter } from './match-after.ts';
import type { Match } from './match-after.ts';

describe('matchAfter', () => {
  const lines = [3, 8, 20];
  const cases: Readonly<Record<string, readonly [number | undefined, 1 | -1, Match]>> = {
    'is the first where no line is named': [undefined, 1, { line: 3, index: 0 }],
    'is the next behind a line': [3, 1, { line: 8, index: 1 }],
    'goes around at the end': [20, 1, { line: 3, index: 0 }],
    'is the one before a line': [8, -1, { line: 3, index: 0 }],
    'goes around at the beginning': [3, -1, { line: 20, index: 2 }],
    'is the last, backwards from nowhere': [undefined, -1, { line: 20, index: 2 }],
  };
  for (const [sentence, [line, step, match]] of Object.entries(cases)) {
    it(sentence, () => expect(matchAfter(lines, line, step)).toEqual(match));
  }
  it('is none where nothing was found', () => expect(matchAfter([], 1, 1)).toBeUndefined());
});
