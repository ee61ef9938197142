import { describe, expect, it } from 'vitest';
import { plan, project } from '../testdata/project.ts';
import { nextCandidate, type PlanJobSeen, planStep, type PlanStep, withPlan } from './plan.ts';

const present: PlanJobSeen = { is: 'present', uid: 'job-uid', controller: 'project-uid', foreign: [] };
const promotable = { result: 'succeeded', reason: 'DbtSucceeded', message: 'dbt succeeded' } as const;
const recorded = { jobName: 'dbt-plan-x', jobUID: 'job-uid' };

const steps: Record<
  string,
  { readonly recorded?: true; readonly job: PlanJobSeen; readonly step: PlanStep }
> = {
  'a Candidate without a Job gets one': { job: { is: 'absent' }, step: { do: 'create' } },
  'its own Job that was not recorded is recorded': {
    job: present,
    step: { do: 'record', jobUID: 'job-uid' },
  },
  'a Job of that name that another controls fails the plan': {
    job: { ...present, controller: 'other' },
    step: {
      do: 'fail',
      message:
        'Job "dbt-plan-x" was there before and is not controlled by this DbtProject: delete it, then make another plan',
    },
  },
  'a Job of that name that does something else fails the plan': {
    job: { ...present, foreign: ['spec.template.spec.containers.0.command'], outcome: promotable },
    step: {
      do: 'fail',
      message:
        'Job "dbt-plan-x" was there before and differs from the Job that tries a plan in spec.template.spec.containers.0.command: delete it, then make another plan',
    },
  },
  'a recorded Job that has not ended is waited for': { recorded: true, job: present, step: { do: 'wait' } },
  'a recorded Job that succeeded promotes': {
    recorded: true,
    job: { ...present, outcome: promotable },
    step: { do: 'promote' },
  },
  'a recorded Job that failed fails the plan with its outcome': {
    recorded: true,
    job: { ...present, outcome: { result: 'failed', reason: 'DbtUnhandledError', message: 'no profile' } },
    step: { do: 'fail', message: 'DbtUnhandledError: no profile' },
  },
  'a recorded Job that was cancelled promotes nothing': {
    recorded: true,
    job: { ...present, outcome: { result: 'cancelled', reason: 'Cancelled', message: 'cancelled by ada' } },
    step: { do: 'fail', message: 'Cancelled: cancelled by ada' },
  },
  'another Job of the recorded name promotes nothing, whatever its outcome': {
    recorded: true,
    job: { ...present, uid: 'another', outcome: promotable },
    step: {
      do: 'fail',
      message:
        'Job "dbt-plan-x" was replaced by another of its name before its outcome was seen: make another plan',
    },
  },
  'a recorded Job that is gone fails the plan': {
    recorded: true,
    job: { is: 'absent' },
    step: { do: 'fail', message: 'Job "dbt-plan-x" is gone before its outcome was seen: make another plan' },
  },
};

describe('planStep', () => {
  it.each(Object.entries(steps))('%s', (_, { recorded: isRecorded, job, step }) => {
    expect(planStep(project(), plan('a', isRecorded ? recorded : {}), 'dbt-plan-x', job)).toEqual(step);
  });
});

describe('nextCandidate', () => {
  it('is the oldest Candidate, whatever its place in the list', () => {
    const plans = [
      plan('new', { createdAt: '2026-11-23T03:00:00+01:00' }),
      plan('old', { createdAt: '2026-11-23T01:30:00Z' }),
      plan('done', { phase: 'Failed', createdAt: '2026-11-22T00:00:00Z' }),
    ];
    expect(nextCandidate(project({ plans }))?.id).toBe('old');
  });

  it('is none in a project that is being deleted', () => {
    expect(nextCandidate(project({ plans: [plan('a')], deleted: '2026-11-23T01:00:00Z' }))).toBeUndefined();
  });
});

describe('withPlan', () => {
  const many = Array.from({ length: 20 }, (_, index) =>
    plan(`p${index}`, {
      phase: 'Failed',
      createdAt: `2026-11-${String(index + 1).padStart(2, '0')}T00:00:00Z`,
    }),
  );

  it('leaves a short list whole', () => {
    const changed = plan('b', { phase: 'Promoted' });
    expect(withPlan([plan('a'), plan('b')], changed, 'b')).toEqual([plan('a'), changed]);
  });

  it('drops the oldest of a full one, but never the plan in force', () => {
    const changed = plan('p19', { phase: 'Promoted' });
    expect(withPlan(many, changed, 'p0').map(({ id }) => id)).toEqual(
      [...many.map(({ id }) => id)].filter((id) => id !== 'p1'),
    );
  });

  it('never drops a Candidate', () => {
    const candidates = many.map((one) => ({ ...one, phase: 'Candidate' as const }));
    expect(withPlan(candidates, candidates[3]!, undefined)).toEqual(candidates);
  });
});
