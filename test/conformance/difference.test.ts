import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from './difference.ts';

describe('two values differ', () => {
  const table: Readonly<Record<string, readonly [unknown, unknown, readonly string[]]>> = {
    'in a field, named by its path': [
      { spec: { containers: [{ image: 'a' }] } },
      { spec: { containers: [{ image: 'b' }] } },
      ['spec.containers[0].image: expected "a", got "b"'],
    ],
    'in a field that one lacks': [
      { a: 1 },
      { b: 2 },
      ['a: expected 1, got nothing', 'b: expected nothing, got 2'],
    ],
    'in a field that is null in one': [{ a: null }, {}, ['a: expected null, got nothing']],
    'in the order of a list': [
      ['x', 'y'],
      ['y', 'x'],
      ['[0]: expected "x", got "y"', '[1]: expected "y", got "x"'],
    ],
    'in the length of a list': [['x'], ['x', 'y'], ['[1]: expected nothing, got "y"']],
    'in a key with a slash': [{ 'a/b': 1 }, { 'a/b': 2 }, ['["a/b"]: expected 1, got 2']],
    'in a key that every object inherits': [
      { constructor: 'x' },
      {},
      ['constructor: expected "x", got nothing'],
    ],
    'in their kind': [{ a: [] }, { a: {} }, ['a: expected [], got {}']],
    'late in a long text, of which that place is shown': [
      `${'a'.repeat(300)}x`,
      `${'a'.repeat(300)}y`,
      [`the object: expected …"${'a'.repeat(40)}x", got …"${'a'.repeat(40)}y"`],
    ],
    'in many places, of which some are shown': [
      Array.from({ length: 9 }, (_, index) => index),
      [],
      [
        ...Array.from({ length: 6 }, (_, index) => `[${index}]: expected ${index}, got nothing`),
        'and 3 more differences',
      ],
    ],
  };
  for (const [sentence, [expected, got, lines]] of Object.entries(table)) {
    it(sentence, () => {
      expect(differences(expected, got)).toEqual(lines);
    });
  }
  it('nowhere, whatever the order of their fields', () => {
    expect(differences({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toEqual([]);
  });
  it('exactly where vitest sees a difference of JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        expect(differences(left, left)).toEqual([]);
        expect(differences(left, right).length === 0).toBe(equal(left, right));
      }),
    );
  });
});

function equal(left: unknown, right: unknown): boolean {
  try {
    expect(left).toStrictEqual(right);
    return true;
  } catch {
    return false;
  }
}
