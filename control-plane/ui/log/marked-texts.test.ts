import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../words/ansi.ts';
import { shownLine } from './marked-texts.ts';

const texts = (line: string, searched: string): readonly (string | readonly [string])[] =>
  shownLine(line, searched).pieces.map(({ text, found }) => (found ? [text] : text));

describe('shownLine', () => {
  const cases: Readonly<Record<string, readonly [string, string, ReturnType<typeof texts>]>> = {
    'is whole where nothing is searched for': ['Done. ERROR=1', '', ['Done. ERROR=1']],
    'marks what is found, whatever its case': [
      'An error, an Error',
      'ERROR',
      ['An ', ['error'], ', an ', ['Error']],
    ],
    'marks across colours': ['\u001b[31mfa\u001b[0miled', 'failed', [['fa'], ['iled']]],
    'takes what is searched for as it stands': ['a.b axb', 'a.b', [['a.b'], ' axb']],
    'marks characters outside the first plane': ['a 𝒳 b', '𝒳', ['a ', ['𝒳'], ' b']],
    'is empty for an empty line': ['', 'x', []],
  };
  for (const [sentence, [line, searched, pieces]] of Object.entries(cases)) {
    it(sentence, () => expect(texts(line, searched)).toEqual(pieces));
  }

  it('cuts a line that would hold the browser up, and says by how much', () => {
    const { pieces, cut } = shownLine('x'.repeat(1_000_000), '');
    expect({ length: pieces[0]?.text.length, cut }).toEqual({ length: 8_000, cut: 992_000 });
  });

  it('never loses or adds a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ minLength: 1, maxLength: 5 }),
        (line, searched) => {
          expect(
            shownLine(line, searched)
              .pieces.map(({ text }) => text)
              .join(''),
          ).toBe(plainText(line));
        },
      ),
    );
  });
});
