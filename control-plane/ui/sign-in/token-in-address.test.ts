import { describe, expect, it } from 'vitest';
import { tokenIn } from './token-in-address.ts';

describe('tokenIn', () => {
  const cases: Readonly<Record<string, readonly [string, string | undefined]>> = {
    'finds the token of a link': ['#token=eyJh.bGci-_x', 'eyJh.bGci-_x'],
    'finds none in an address without': ['', undefined],
    'takes an empty one for none': ['#token=', undefined],
    'takes no other word for it': ['#L12', undefined],
  };
  for (const [sentence, [hash, token]] of Object.entries(cases)) {
    it(sentence, () => expect(tokenIn(hash)).toBe(token));
  }
});
