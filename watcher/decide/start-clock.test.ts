import { describe, expect, it } from 'vitest';
import { conditions, job, pod, running, terminated, times, waiting } from '../testdata/objects.ts';
import type { RunFacts } from './run-facts.ts';
import { startClock } from './start-clock.ts';

const pending = { dbt: waiting('ContainerCreating') };

const table: Record<string, { readonly facts: Partial<RunFacts>; readonly since: string | undefined }> = {
  'no pod yet: since the Job started': { facts: {}, since: times.created },
  'a suspended Job does not start the clock': { facts: { run: job({ suspend: true }) }, since: undefined },
  'a Job that its controller has not begun does not start the clock': {
    facts: { run: job({ startTime: null }) },
    since: undefined,
  },
  'a pod without a node does not start the clock': {
    facts: { attempts: [pod({ scheduled: false, containers: {} })] },
    since: undefined,
  },
  'a pod that waited for its node starts the clock when it got one': {
    facts: { attempts: [pod({ scheduled: '2026-11-23T02:30:00Z', containers: pending })] },
    since: '2026-11-23T02:30:00Z',
  },
  'a dbt that runs stops the clock': {
    facts: { attempts: [pod({ containers: { dbt: running } })] },
    since: undefined,
  },
  'a new attempt has a clock of its own': {
    facts: {
      attempts: [
        pod({ name: 'a', containers: { dbt: terminated(1) }, status: { phase: 'Failed' } }),
        pod({
          name: 'b',
          created: '2026-11-23T03:00:00Z',
          scheduled: '2026-11-23T03:00:01Z',
          containers: pending,
        }),
      ],
    },
    since: '2026-11-23T03:00:01Z',
  },
  'between attempts: since the last one ended': {
    facts: { attempts: [pod({ containers: { dbt: terminated(1) }, status: { phase: 'Failed' } })] },
    since: times.finished,
  },
  'failed attempts of which nothing is known do not start the clock': {
    facts: { run: job({ failed: 1 }) },
    since: undefined,
  },
  'an ended Job has no clock': { facts: { run: job({ conditions: conditions.backoff }) }, since: undefined },
  'a deleted run has no clock': { facts: { gone: true }, since: undefined },
};

describe('startClock', () => {
  it.each(Object.entries(table))('%s', (_, { facts, since }) => {
    const expected = since === undefined ? undefined : Date.parse(since);
    expect(startClock({ run: job(), gone: false, attempts: [], events: [], ...facts })).toEqual(expected);
  });
});
