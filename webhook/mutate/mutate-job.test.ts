import { describe, expect, it } from 'vitest';
import { mutateJob } from './mutate-job.ts';
import type { Job } from './pod.ts';
import { sampleProject } from './sample.ts';

const project = 'dbt-jobs.io/project';
const plan = 'dbt-jobs.io/plan';

function job(
  change: {
    labels?: object;
    annotations?: Readonly<Record<string, string>>;
    template?: object;
    spec?: object;
  } = {},
): Job {
  return {
    metadata: {
      labels: { ...change.labels },
      ...(change.annotations === undefined ? {} : { annotations: change.annotations }),
    },
    spec: { ...change.spec, template: { metadata: { labels: { [project]: 'shop', ...change.template } } } },
  };
}

describe('a Job of a project', () => {
  const whole = {
    labels: { [project]: 'shop' },
    annotations: { 'dbt-jobs.io/project-uid': 'uid-of-shop' },
    template: { [plan]: 'first' },
    spec: { activeDeadlineSeconds: 86_400 },
  };
  const cases: Record<string, { given: Job; mutated: Job; problems?: string[] }> = {
    'gets the plan in force, a deadline, the label of its template and the mark': {
      given: job(),
      mutated: job(whole),
    },
    'keeps the plan of its template': {
      given: job({ template: { [plan]: 'second' } }),
      mutated: job({ ...whole, template: { [plan]: 'second' } }),
    },
    'asks for no plan with an empty label': { given: job({ template: { [plan]: '' } }), mutated: job(whole) },
    'keeps its deadline': {
      given: job({ spec: { activeDeadlineSeconds: 60 } }),
      mutated: job({ ...whole, spec: { activeDeadlineSeconds: 60 } }),
    },
    'is kept an hour for the watcher': {
      given: job({ spec: { ttlSecondsAfterFinished: 0 } }),
      mutated: job({ ...whole, spec: { activeDeadlineSeconds: 86_400, ttlSecondsAfterFinished: 3600 } }),
    },
    'keeps a longer TTL': {
      given: job({ spec: { ttlSecondsAfterFinished: 7200 } }),
      mutated: job({ ...whole, spec: { activeDeadlineSeconds: 86_400, ttlSecondsAfterFinished: 7200 } }),
    },
    'keeps its other labels': {
      given: job({ labels: { team: 'a' } }),
      mutated: job({ ...whole, labels: { [project]: 'shop', team: 'a' } }),
    },
    'is left alone where it names another project': {
      given: job({ labels: { [project]: 'other' } }),
      mutated: job({ labels: { [project]: 'other' } }),
      problems: [
        'metadata.labels["dbt-jobs.io/project"] is "other", but the pod template has "shop": write the same in both',
      ],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { given, mutated, problems = [] }) => {
    const before = structuredClone(given);
    const first = mutateJob(given, sampleProject());
    expect(first).toEqual({ job: mutated, problems });
    expect(mutateJob(first.job, sampleProject())).toEqual(first);
    expect(given).toEqual(before);
  });

  it('runs without a plan label where none is in force', () => {
    const noPlan = sampleProject({}, { plan: undefined, plans: [] });
    expect(mutateJob(job(), noPlan).job).toEqual(job({ ...whole, template: {} }));
  });
});

describe('a Job that is not ours', () => {
  it('is untouched without the label', () => {
    const given: Job = { metadata: { labels: { [project]: 'shop' } }, spec: { template: {} } };
    expect(mutateJob(given, sampleProject()).job).toBe(given);
  });
  it('is untouched where the project is unknown', () => {
    const given = job();
    expect(mutateJob(given, undefined).job).toBe(given);
  });
});
