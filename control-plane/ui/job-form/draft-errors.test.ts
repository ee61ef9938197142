import { describe, expect, it } from 'vitest';
import { draftErrors, refusedFields } from './draft-errors.ts';
import type { FieldErrors } from './draft-errors.ts';
import { emptyDraft } from './draft.ts';
import type { Draft } from './draft.ts';

const good: Draft = { ...emptyDraft('UTC'), name: 'nightly' };

describe('draftErrors', () => {
  const cases: Readonly<Record<string, readonly [Partial<Draft>, FieldErrors]>> = {
    'finds nothing wrong with a name alone': [{}, {}],
    'asks for a name': [{ name: ' ' }, { name: 'must have a name' }],
    'says which characters a name may have': [
      { name: 'Nightly build' },
      { name: 'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit' },
    ],
    'says how long a name may be': [{ name: 'a'.repeat(53) }, { name: 'must have 52 characters at most' }],
    'finds everything at once': [
      { threads: 'eight', retries: '11', timeout: 'soon', cron: ' ' },
      {
        threads: 'must be a whole number from 1 to 256',
        retries: 'must be a whole number from 0 to 10',
        timeout: 'must be a time as 30m or 2h 15m, from one second to 7 days',
        cron: 'must be five fields: minute, hour, day of the month, month, day of the week',
      },
    ],
  };
  for (const [sentence, [change, errors]] of Object.entries(cases)) {
    it(sentence, () => expect(draftErrors({ ...good, ...change })).toEqual(errors));
  }
});

describe('refusedFields', () => {
  it('finds the field of each path, however it is written', () =>
    expect(
      refusedFields({
        'settings.schedule.cron': 'never comes',
        'options.select.0': 'is no selector',
        'settings.options.exclude[1]': 'is none either',
        name: 'is taken',
        elsewhere: 'odd',
      }),
    ).toEqual({
      cron: 'never comes',
      select: 'is no selector',
      exclude: 'is none either',
      name: 'is taken',
    }));
});
