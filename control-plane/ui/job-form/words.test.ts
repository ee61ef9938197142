import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords, splitWords } from './words.ts';

describe('splitWords', () => {
  const cases: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'parts at white space': [' tag:nightly  +fct_orders ', ['tag:nightly', '+fct_orders']],
    'keeps together what is quoted': [`"path:my models" 'a b'c`, ['path:my models', 'a bc']],
    'lets an open quote reach to the end': ['a "b c', ['a', 'b c']],
    'has no words of nothing': ['   ', []],
  };
  for (const [sentence, [text, words]] of Object.entries(cases)) {
    it(sentence, () => expect(splitWords(text)).toEqual(words));
  }
});

describe('joinWords', () => {
  it('quotes only where it must', () =>
    expect(joinWords(['tag:nightly', '+fct_orders@1', 'path:my models'])).toBe(
      "tag:nightly +fct_orders@1 'path:my models'",
    ));
  it('is taken apart to the same words, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), (words) => {
        expect(splitWords(joinWords(words))).toEqual(words);
      }),
    );
  });
});
