import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { same } from './same.ts';

describe('two JSON values', () => {
  const cases: Record<string, [unknown, unknown, boolean]> = {
    'are equal with their fields in another order': [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    'are equal where one says undefined and the other nothing': [{ a: 1, b: undefined }, { a: 1 }, true],
    'differ with a list in another order': [[1, 2], [2, 1], false],
    'differ with a longer list': [[1], [1, 2], false],
    'differ with a field more': [{ a: 1 }, { a: 1, b: 2 }, false],
    'differ as a list and as an object': [[], {}, false],
    'differ as null and as nothing': [{ a: null }, {}, false],
    'differ as a number and as its text': [{ a: 1 }, { a: '1' }, false],
  };
  it.each(Object.entries(cases))('%s', (_, [left, right, equal]) => {
    expect(same(left, right)).toBe(equal);
    expect(same(right, left)).toBe(equal);
  });

  it('are equal to their own copy', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => same(value, structuredClone(value))));
  });
});
