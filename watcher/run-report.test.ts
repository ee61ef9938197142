import { expect, it } from 'vitest';
import { parseJob } from './kube/job.ts';
import { runRef } from './run-report.ts';
import { pod, rawJob } from './testdata/objects.ts';

it('takes job and plan of a Job from its pod template, where the labels of its pods are', () => {
  const raw = rawJob() as { readonly spec: object };
  const labels = { 'dbt-jobs.io/project': 'shop', 'dbt-jobs.io/plan': 'p1', 'dbt-jobs.io/job': 'nightly' };
  const run = parseJob({ ...raw, spec: { ...raw.spec, template: { metadata: { labels } } } });
  expect(runRef(run)).toEqual({
    uid: 'job-uid',
    kind: 'Job',
    namespace: 'shop',
    name: 'nightly-1',
    project: 'shop',
    job: 'nightly',
    plan: 'p1',
  });
});

it('takes those of a bare Pod from itself', () => {
  const run = pod();
  const labels = { ...run.metadata.labels, 'dbt-jobs.io/plan': 'p1', 'dbt-jobs.io/job': 'nightly' };
  expect(runRef({ ...run, metadata: { ...run.metadata, labels } })).toMatchObject({
    job: 'nightly',
    plan: 'p1',
  });
});
