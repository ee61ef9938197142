import { describe, expect, it } from 'vitest';
import { clausesOfContract } from '../conformance/conformance.ts';
import { ownCases } from '../conformance/config.ts';
import { readCases } from '../conformance/read-cases.ts';
import { judgeBreak, parseBreak } from './break.ts';
import type { Tested } from './break.ts';
import { checkPatch } from './broken-tree.ts';
import { readBreaks } from './read-breaks.ts';
import { suites } from './suites.ts';

const diff = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n';
const breaks = readBreaks();

describe('a patch', () => {
  it('says what it breaks and which tests turn red', () => {
    const text = `C16: the order is another\nRed: user/own-env\nRed: a test, its full name\n\n${diff}`;
    expect(parseBreak('webhook/C16-order.patch', text)).toEqual({
      suite: 'webhook',
      path: 'webhook/C16-order.patch',
      id: 'C16',
      sentence: 'the order is another',
      red: ['user/own-env', 'a test, its full name'],
    });
  });
  it('stands for every test of its id where it lists none', () => {
    expect(parseBreak('watcher/J7-twice.patch', `J7: told twice\n\n${diff}`)).toEqual({
      suite: 'watcher',
      path: 'watcher/J7-twice.patch',
      id: 'J7',
      sentence: 'told twice',
    });
  });
  const wrong: Readonly<Record<string, readonly [path: string, text: string, error: string]>> = {
    'with a name of another form': [
      'webhook/order.patch',
      `C16: x\n${diff}`,
      'is not called <suite>/<id>-<what>.patch',
    ],
    'without a sentence': [
      'webhook/C16-x.patch',
      diff,
      'does not begin with "<id>: <what the project does>"',
    ],
    'of another id than its name': [
      'webhook/C16-x.patch',
      `C15: x\n${diff}`,
      'is of C15, but its name says C16',
    ],
    'without a diff': ['webhook/C16-x.patch', 'C16: x\nRed: a\n', 'holds no diff of git'],
    'with a line of another kind': [
      'webhook/C16-x.patch',
      `C16: x\nGreen: a\n${diff}`,
      'has a line before its diff that is not "Red: <name of a test>"',
    ],
    'with a test named twice': [
      'webhook/C16-x.patch',
      `C16: x\nRed: a\nRed: a\n${diff}`,
      'names a test twice',
    ],
  };
  for (const [sentence, [path, text, error]] of Object.entries(wrong)) {
    it(`${sentence} is refused`, () => {
      expect(() => parseBreak(path, text)).toThrow(new Error(`test/breaks/${path} ${error}`));
    });
  }
});

describe('a break', () => {
  const tests = (...red: readonly string[]): readonly Tested[] =>
    [
      { name: 'one', ids: ['C1'] },
      { name: 'two', ids: ['C1', 'C2'] },
      { name: 'three', ids: ['C2'] },
    ].map((test) => ({ ...test, red: red.includes(test.name) }));
  const of = (id: string, ...red: readonly string[]) => ({
    suite: 'webhook',
    path: `webhook/${id}-x.patch`,
    id,
    sentence: 'x',
    ...(red.length === 0 ? {} : { red }),
  });
  it('is noticed where exactly the listed tests are red', () => {
    expect(judgeBreak(of('C1', 'one'), tests('one'))).toEqual([]);
  });
  it('is noticed where it lists none and exactly all of its id are red', () => {
    expect(judgeBreak(of('C1'), tests('one', 'two'))).toEqual([]);
    expect(judgeBreak(of('C1'), tests('one'))).toEqual(['was to turn red: two']);
  });
  it('is not noticed where nothing is red', () => {
    expect(judgeBreak(of('C1', 'one'), tests())).toEqual([
      'nothing turned red: no test notices it',
      'was to turn red: one',
    ]);
  });
  it('may turn no test red that does not cover its id', () => {
    expect(judgeBreak(of('C1', 'one'), tests('one', 'three'))).toEqual(['red, but not of C1: three']);
  });
  it('may turn no test red that it does not list', () => {
    expect(judgeBreak(of('C1', 'one'), tests('one', 'two'))).toEqual([
      'red, but not in the patch’s list: two',
    ]);
  });
  it('needs a test of its id, and tests that exist', () => {
    expect(judgeBreak(of('C9', 'nine'), tests('one'))).toEqual([
      'there is no test of C9',
      'red, but not of C9: one',
      'there is no such test: nine',
    ]);
  });
});

describe('every break of this folder', () => {
  const cases = new Map(
    readCases(ownCases, new Set(clausesOfContract().keys())).map(({ name, clauses, threats }) => [
      name,
      [...clauses, ...threats],
    ]),
  );
  it('is of a suite', () => {
    expect(breaks.filter(({ suite }) => !Object.hasOwn(suites, suite))).toEqual([]);
  });
  for (const one of breaks) {
    it(`${one.path} fits the project as it is`, () => {
      expect(() => checkPatch(one)).not.toThrow();
    });
    if (suites[one.suite]?.tests === 'cases')
      it(`${one.path} lists cases of its clause`, () => {
        const red = one.red ?? [];
        expect(red.filter((name) => cases.get(name)?.includes(one.id) !== true)).toEqual([]);
      });
  }
});
