import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './lines.ts';

function split(chunks: readonly string[], maxLength: number): string[] {
  const splitter = createLineSplitter(maxLength);
  const lines = chunks.flatMap((chunk) => splitter.push(chunk));
  const rest = splitter.rest();
  return rest === undefined ? lines : [...lines, rest];
}

describe('createLineSplitter', () => {
  it.each([
    ['lines come whole however they are cut', ['a', 'b\nc', '\n\nd'], ['ab', 'c', '', 'd']],
    ['a carriage return before the line feed is dropped', ['a\r', '\nb'], ['a', 'b']],
    ['a long line is cut, and the next one is whole', ['123456', '789', '0\nabc\n'], ['12345', 'abc']],
  ])('%s', (_, chunks, lines) => expect(split(chunks, 5)).toEqual(lines));

  it('gives the same lines for any chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') });
    fc.assert(
      fc.property(fc.array(text), (chunks) => {
        const whole = chunks.join('').split('\n');
        if (whole.at(-1) === '') whole.pop();
        expect(split(chunks, 1000)).toEqual(whole);
      }),
    );
  });
});
