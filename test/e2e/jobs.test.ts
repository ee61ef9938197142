import { beforeAll, describe, expect, it } from 'vitest';
import { denial, problems, warnings } from '../../contract/problems.ts';
import { create, type Json, makeNamespace, pathOf, request, setStatus } from './api.ts';
import { dbt, textOf } from './pods.ts';
import { commitA, imageA, plans, project } from './projects.ts';

const namespace = 'e2e-jobs';
const inForce = { id: 'one', image: imageA, commit: commitA };

beforeAll(async () => {
  await makeNamespace(namespace, { 'dbt-jobs.io/engine': 'webhook' });
  await create('DbtProject', namespace, project('shop'));
  await setStatus(namespace, 'shop', plans);
});

describe('a Job or CronJob', () => {
  const template = (fields: Json = {}): Json => ({
    metadata: { labels: { 'dbt-jobs.io/project': 'shop' } },
    spec: { restartPolicy: 'Never', containers: [dbt(fields)] },
  });
  const job = (spec: Json, metadata: Json = {}): Json => ({ metadata: { name: 'j', ...metadata }, spec });
  const prefix =
    "Validation failed for ValidatingAdmissionPolicy 'dbt-jobs-warnings' with binding 'dbt-jobs-warnings': ";
  const post = (kind: 'Job' | 'CronJob', object: Json) =>
    request('POST', `${pathOf(kind, namespace)}?dryRun=All`, object);

  it('is warned of what its pods will be denied for', async () => {
    const answer = await post('Job', job({ template: template({ image: 'evil:1' }) }));
    expect({ status: answer.status, warnings: answer.warnings }).toEqual({
      status: 201,
      warnings: [prefix + denial('shop', namespace, [problems.image('dbt', 'evil:1', inForce)])],
    });
  });
  it('J22 is warned of a missing startingDeadlineSeconds, and of a token', async () => {
    const withToken = template();
    const spec = { ...(withToken['spec'] as Json), automountServiceAccountToken: true };
    const answer = await post(
      'CronJob',
      job({ schedule: '0 3 * * *', jobTemplate: { spec: { template: { ...withToken, spec } } } }),
    );
    expect([...answer.warnings].sort()).toEqual(
      [prefix + warnings.startingDeadline(), prefix + warnings.token('dbt')].sort(),
    );
  });
  it('is denied where it names another project than its pods', async () => {
    const answer = await post(
      'Job',
      job({ template: template() }, { labels: { 'dbt-jobs.io/project': 'other' } }),
    );
    expect(textOf(answer.body)).toBe(
      denial('shop', namespace, [problems.projectLabelDiffers('other', 'shop')]),
    );
  });
  it('gets the plan in force, the deadline, a floor under its TTL and the label', async () => {
    const answer = await post(
      'Job',
      job({ template: template(), ttlSecondsAfterFinished: 5 }, { labels: { team: 'a' } }),
    );
    const { spec, metadata } = answer.body as { readonly spec: Json; readonly metadata: Json };
    expect({
      labels: metadata['labels'],
      deadline: spec['activeDeadlineSeconds'],
      ttl: spec['ttlSecondsAfterFinished'],
      plan: ((spec['template'] as Json)['metadata'] as { readonly labels: Json }).labels['dbt-jobs.io/plan'],
    }).toEqual({
      labels: { team: 'a', 'dbt-jobs.io/project': 'shop' },
      deadline: 86_400,
      ttl: 3600,
      plan: 'one',
    });
  });
});
