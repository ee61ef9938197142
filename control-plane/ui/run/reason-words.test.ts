import { describe, expect, it } from 'vitest';
import { asSentence, reasonInWords } from './reason-words.ts';

describe('asSentence', () => {
  const cases: Readonly<Record<string, string>> = {
    'correct the failed nodes, then run again': 'Correct the failed nodes, then run again.',
    'dbt exited with code 1': 'dbt exited with code 1.',
    'Is it so?': 'Is it so?',
    '  ': '',
  };
  for (const [text, sentence] of Object.entries(cases)) {
    it(`writes "${text}" as "${sentence}"`, () => expect(asSentence(text)).toBe(sentence));
  }
});

describe('reasonInWords', () => {
  it('says a reason as a person does', () =>
    expect(reasonInWords('OOMKilled')).toBe('dbt used more memory than it may'));
  it('says a newer one as it is, and nothing of none', () =>
    expect([reasonInWords('Abducted'), reasonInWords('constructor'), reasonInWords(undefined)]).toEqual([
      'Abducted',
      'constructor',
      undefined,
    ]));
});
