import { describe, expect, it } from 'vitest';
import { choiceIn, searchOf, statusChosen } from './choice.ts';

describe('choiceIn', () => {
  const cases: Readonly<Record<string, readonly [string, ReturnType<typeof choiceIn>]>> = {
    'chooses nothing by itself': ['', {}],
    'takes what the address says': ['job=nightly&result=failed', { job: 'nightly', result: 'failed' }],
    'passes over what is no choice': ['result=splendid&trigger=manual&page=2', { trigger: 'manual' }],
  };
  for (const [sentence, [search, choice]] of Object.entries(cases)) {
    it(sentence, () => expect(choiceIn(new URLSearchParams(search))).toEqual(choice));
  }
});

describe('searchOf', () => {
  it('says what is chosen and nothing else', () =>
    expect([searchOf({}), searchOf({ job: 'nightly', result: undefined, phase: 'running' })]).toEqual([
      '',
      '?job=nightly&phase=running',
    ]));
});

describe('statusChosen', () => {
  it('is the word of a phase or a result', () =>
    expect([
      statusChosen({ phase: 'running' }),
      statusChosen({ result: 'failed' }),
      statusChosen({}),
    ]).toEqual(['Running', 'Failed', '']));
});
