import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText, styledTexts } from './ansi.ts';
import type { StyledText } from './ansi.ts';

const plain = (text: string): StyledText => ({ text, classes: [] });

describe('styledTexts', () => {
  const cases: Readonly<Record<string, readonly [string, readonly StyledText[]]>> = {
    'leaves a line without sequences as it is': ['Done. PASS=3', [plain('Done. PASS=3')]],
    'has nothing of an empty line': ['', []],
    'colours what stands between two sequences': [
      '1 of 2 [\u001b[32mPASS\u001b[0m in 0.1s]',
      [plain('1 of 2 ['), { text: 'PASS', classes: ['ansi-green'] }, plain(' in 0.1s]')],
    ],
    'adds weight to colour and takes it away again': [
      '\u001b[1;31mError\u001b[22m in\u001b[39m x',
      [
        { text: 'Error', classes: ['ansi-red', 'ansi-bold'] },
        { text: ' in', classes: ['ansi-red'] },
        plain(' x'),
      ],
    ],
    'takes bright colours for colours': ['\u001b[91mE', [{ text: 'E', classes: ['ansi-red'] }]],
    'does not take the numbers of a wide colour for codes': [
      '\u001b[38;5;31mx\u001b[48;2;1;2;3my',
      [plain('x'), plain('y')],
    ],
    'shows the text of a link and drops its address': [
      '\u001b]8;;javascript:alert(1)\u0007here\u001b]8;;\u0007',
      [plain('here')],
    ],
    'drops a window title that never ends': ['a\u001b]0;owned', [plain('a')]],
    'drops cursor movements and clearing': ['a\u001b[2J\u001b[1;1Hb', [plain('a'), plain('b')]],
    'drops the 8-bit forms as well': [
      'a\u009b31mb\u009d0;t\u009cc',
      [plain('a'), { text: 'b', classes: ['ansi-red'] }, { text: 'c', classes: ['ansi-red'] }],
    ],
    'drops what turns the order of reading': ['ab\u202ecd\u2066e', [plain('abcde')]],
    'drops control characters and keeps tabs and line feeds': ['a\u0000\u0008\rb\tc\nd', [plain('ab\tc\nd')]],
  };
  for (const [sentence, [line, pieces]] of Object.entries(cases)) {
    it(sentence, () => expect(styledTexts(line)).toEqual(pieces));
  }

  it('never shows a control character, whatever comes', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '\u001b',
        '[',
        ']',
        '0',
        '8',
        ';',
        'm',
        '\u0007',
        '\\',
        '<',
        'a',
        '\u009b',
        '\u202e',
        '\t',
      ),
    });
    fc.assert(
      fc.property(hostile, (line) => {
        expect(plainText(line)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
      }),
    );
  });
});
