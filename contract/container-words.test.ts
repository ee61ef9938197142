import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { givenWord, literalWord } from './container-words.ts';

it.each([
  ['a reference', '$(PASSWORD)', '$$(PASSWORD)'],
  ['a lone dollar', '$x', '$$x'],
  ['doubled dollars', '$$', '$$$$'],
  ['no dollar', 'tag:a', 'tag:a'],
])('writes %s so that it reaches dbt as it is', (_, word, written) => {
  expect(literalWord(word)).toBe(written);
});

it.each([
  ['$(PASSWORD)', undefined],
  ['a$$$(PASSWORD)', undefined],
  ['$$(PASSWORD)', '$(PASSWORD)'],
  ['$x$', '$x$'],
])('reads %s as Kubernetes gives it to the program', (word, given) => {
  expect(givenWord(word)).toBe(given);
});

it('reads what it wrote', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '(', ')', 'A', ' ') }), (word) => {
      expect(givenWord(literalWord(word))).toBe(word);
    }),
  );
});

it('shows words as a shell would take them', () => {
  expect(
    commandLine(['dbt', 'build', '--select', 'tag:a,b+', "it's; rm -rf $HOME", '--vars', '{"a": 1}', '']),
  ).toBe(`dbt build --select tag:a,b+ 'it'\\''s; rm -rf $HOME' --vars '{"a": 1}' ''`);
});
