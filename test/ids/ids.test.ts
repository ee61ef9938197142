import { describe, expect, it } from 'vitest';
import { compareIds, findProofs, readIds } from './find-proofs.ts';
import { readTitles } from './read-titles.ts';

describe('an id', () => {
  const cases: Record<string, [source: string, titles: [ids: string[], text: string][]]> = {
    'is read from a test': [`it('J1 lists again', () => 1)`, [[['J1'], 'lists again']]],
    'is read from a group': [`describe('J8: killed', () => 1)`, [[['J8'], 'killed']]],
    'is read from a table of tests': [`it.each(rows)('J1 lists %s', f)`, [[['J1'], 'lists %s']]],
    'is read with the others of its title': [
      `it.concurrent('J3 J4, W-L leaks nothing', f)`,
      [[['J3', 'J4', 'W-L'], 'leaks nothing']],
    ],
    'is read from the name of a row': [`const rows = { 'S21: is denied': 1 }`, [[['S21'], 'is denied']]],
    'is read from the first of a row': [
      `const rows = [['J20: is none', 'J21 text']]`,
      [[['J20'], 'is none']],
    ],
    'is read from a title with a value': ['it(`J2 waits ${n} ms`, f)', [[['J2'], 'waits ${n} ms']]],
    'is none in the middle of a title, alone, or in other words': [
      `it('as in J1 it lists', f); it('J1', f); say('J1 is text'); it('J100 is none', f); const a = 'J1 b'`,
      [],
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [source, titles]) => {
    expect(readTitles('a.test.ts', source).map(({ ids, text }) => [ids, text])).toEqual(titles);
  });
  it('has its place in the order of the numbers', () => {
    expect(['J10', 'S1', 'J2', 'W-A'].toSorted(compareIds)).toEqual(['J2', 'J10', 'S1', 'W-A']);
  });
});

describe('ids.yaml', () => {
  const proofs = findProofs();
  it('holds no id without a test', () => {
    const proven = new Set(proofs.map(({ id }) => id));
    expect([...readIds().keys()].filter((id) => !proven.has(id))).toEqual([]);
  });
  it('says of each id that a watcher test carries what it means', () => {
    const known = readIds();
    const unknown = proofs.filter(({ id }) => id.startsWith('J') && !known.has(id));
    expect(unknown).toEqual([]);
  });
});
