import { describe, expect, it } from 'vitest';
import type { Health } from '../../wire/organization.ts';
import { healthTroubles } from './health-troubles.ts';

const well: Health = {
  apiServer: 'ok',
  database: 'ok',
  watcher: { state: 'ok', heardAt: '2026-03-01T05:00:00Z' },
};

describe('healthTroubles', () => {
  const cases: Readonly<Record<string, readonly [Health, readonly string[]]>> = {
    'has nothing to say while all is well': [well, []],
    'names each part that is away': [
      { apiServer: 'unreachable', database: 'unreachable', watcher: { state: 'silent' } },
      [
        "The cluster's API server does not answer.",
        'The run store does not answer.',
        'The watcher is silent.',
      ],
    ],
    'tells a watcher that never was from one that fell silent': [
      { ...well, watcher: { state: 'never' } },
      ['No watcher has reported yet.'],
    ],
  };
  for (const [sentence, [health, titles]] of Object.entries(cases)) {
    it(sentence, () => expect(healthTroubles(health).map(({ title }) => title)).toEqual(titles));
  }
});
