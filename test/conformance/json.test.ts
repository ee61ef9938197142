import { describe, expect, it } from 'vitest';
import { changeAt, fieldsAt, listAt, mergePatch, textAt } from './json.ts';

describe('a merge patch', () => {
  // The examples of RFC 7386, appendix A.
  const table: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [value, patch, result] of table) {
    it(`${JSON.stringify(patch)} makes ${JSON.stringify(value)} into ${JSON.stringify(result)}`, () => {
      expect(mergePatch(value, patch)).toEqual(result);
    });
  }
});

describe('a path', () => {
  const value = { a: { b: { c: 'x', d: [1] } } };
  it('leads to fields, lists and texts', () => {
    expect([fieldsAt(value, 'a', 'b'), listAt(value, 'a', 'b', 'd'), textAt(value, 'a', 'b', 'c')]).toEqual([
      { c: 'x', d: [1] },
      [1],
      'x',
    ]);
  });
  it('that leads nowhere gives nothing', () => {
    expect([fieldsAt(value, 'x', 'b'), listAt(value, 'a', 'b', 'c'), textAt(value, 'a', 'b', 'd')]).toEqual([
      {},
      [],
      undefined,
    ]);
  });
  it('is where a change is made, and nowhere else', () => {
    expect(changeAt(value, ['a', 'b'], () => ({ e: 1 }))).toEqual({ a: { b: { e: 1 } } });
    expect(changeAt(value, ['a', 'x'], () => ({ e: 1 }))).toEqual(value);
  });
});
