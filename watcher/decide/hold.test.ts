import { describe, expect, it } from 'vitest';
import { finalizer } from '../../contract/names.ts';
import { conditions, job, pod, terminated, times } from '../testdata/objects.ts';
import { type HoldFacts, holdStep, type HoldStep, isLeaving, releaseIn } from './hold.ts';

const finalizers = [finalizer];
const now = Date.parse(times.finished);
const hour = 3_600_000;
const ended = conditions.complete;
const nobody = { told: false, delivered: false, replaced: false, now };

const cases: Record<string, [facts: Partial<HoldFacts> & Pick<HoldFacts, 'run'>, step: HoldStep]> = {
  'a run is held from the moment it is seen': [{ run: job() }, 'hold'],
  'a bare Pod is held too': [{ run: pod({ bare: true }) }, 'hold'],
  'J9 one that is over when it is seen first is held until it is delivered': [
    { run: job({ conditions: ended }) },
    'hold',
  ],
  'one that is over when it is seen first is not where nobody outside asks for it': [
    { run: job({ conditions: ended }), delivered: true },
    'leave',
  ],
  'nor is one that was over an hour ago': [{ run: job({ conditions: ended }), now: now + hour }, 'leave'],
  'one that is being deleted takes no finalizer any more': [
    { run: job({ deleted: times.finished }) },
    'leave',
  ],
  'one that its CronJob replaces by the next is not held': [{ run: job(), replaced: true }, 'leave'],
  'one that is held stays held while it is at work': [{ run: job({ finalizers }) }, 'leave'],
  'one that is told but not delivered stays held': [
    { run: job({ finalizers, conditions: ended }), told: true },
    'leave',
  ],
  'one that is told and delivered is let go': [
    { run: job({ finalizers, conditions: ended }), told: true, delivered: true },
    'release',
  ],
  'J29 one that nobody takes is let go an hour after its end': [
    { run: job({ finalizers, conditions: ended }), told: true, now: now + hour },
    'release',
  ],
  'J30 one that is deleted, as with its namespace, waits for nobody once it is told': [
    { run: job({ finalizers, deleted: times.finished }), told: true },
    'release',
  ],
  'J9 a bare Pod that nobody takes is let go an hour after its end': [
    {
      run: pod({
        bare: true,
        finalizers,
        containers: { dbt: terminated(0) },
        status: { phase: 'Succeeded' },
      }),
      told: true,
      now: now + hour,
    },
    'release',
  ],
};

describe('holdStep', () => {
  it.each(Object.entries(cases))('%s', (_, [facts, step]) =>
    expect(holdStep({ ...nobody, ...facts })).toBe(step),
  );
});

describe('releaseIn', () => {
  it('tells when a run that nobody takes is let go', () => {
    expect(releaseIn(job({ finalizers, conditions: ended }), now + 600_000)).toBe(3_000_000);
    expect(releaseIn(job({ finalizers }), now)).toBeUndefined();
    expect(releaseIn(job({ conditions: ended }), now)).toBeUndefined();
  });
});

describe('isLeaving', () => {
  const deleted = times.finished;
  it.each<[string, Parameters<typeof isLeaving>[0], number, boolean]>([
    ['a Job that is deleted waits for us alone', job({ finalizers, deleted }), now, true],
    ['one that we do not hold goes by itself', job({ deleted }), now, false],
    ['a Pod has its grace', pod({ bare: true, finalizers, deleted }), now, false],
    [
      'a Pod whose kubelet says nothing is gone after it',
      pod({ bare: true, finalizers, deleted }),
      now + 30_000,
      true,
    ],
    [
      'a Pod that has ended waits for us alone',
      pod({ bare: true, finalizers, deleted, status: { phase: 'Failed' } }),
      now,
      true,
    ],
  ])('%s', (_, run, at, leaving) => expect(isLeaving(run, at)).toBe(leaving));
});
