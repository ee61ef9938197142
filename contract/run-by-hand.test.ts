import { describe, expect, it } from 'vitest';
import { cancelPatch } from './cancel.ts';
import { runByHand } from './run-by-hand.ts';
import { dbtContainerOf, planOf, projectOf, runTemplate, withWords, wordsOf } from './run-template.ts';

const ofCronJob = runTemplate.parse({
  metadata: { annotations: { 'dbt-jobs.io/slack-alerts': 'off' }, labels: { team: 'data' } },
  spec: {
    backoffLimit: 1,
    activeDeadlineSeconds: 600,
    template: {
      metadata: { labels: { 'dbt-jobs.io/project': 'shop', 'dbt-jobs.io/plan': 'pinned' } },
      spec: {
        restartPolicy: 'Never',
        containers: [
          { name: 'proxy', image: 'proxy:1' },
          {
            name: 'main',
            image: 'plan:current',
            command: ['dbt'],
            args: ['build'],
            env: [{ name: 'A', value: 'b' }],
          },
        ],
      },
    },
  },
});

/** As the API server gives a Job that has run and was cancelled. */
const ofJob = runTemplate.parse({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: 'nightly-29',
    uid: 'u1',
    resourceVersion: '7',
    labels: { 'batch.kubernetes.io/job-name': 'nightly-29', 'dbt-jobs.io/project': 'shop' },
    annotations: {
      'dbt-jobs.io/outcome': '{}',
      'dbt-jobs.io/cancelled-by': 'ann',
      'dbt-jobs.io/triggered-by': 'ann',
      'dbt-jobs.io/retry-of': 'u0',
      'dbt-jobs.io/slack': '{}',
      'dbt-jobs.io/slack-alerts': 'off',
      'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-02-03T03:00:00Z',
    },
  },
  spec: {
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u1' } },
    manualSelector: false,
    suspend: true,
    backoffLimit: 0,
    activeDeadlineSeconds: 1,
    ttlSecondsAfterFinished: 3600,
    template: {
      metadata: {
        creationTimestamp: null,
        labels: {
          'batch.kubernetes.io/controller-uid': 'u1',
          'controller-uid': 'u1',
          'job-name': 'nightly-29',
          'dbt-jobs.io/project': 'shop',
          'dbt-jobs.io/plan': 'p1',
        },
      },
      spec: { restartPolicy: 'Never', containers: [{ name: 'dbt', image: 'plan:current', args: ['run'] }] },
    },
  },
  status: { failed: 1 },
});

describe('runByHand', () => {
  it('makes the run of a CronJob, which owns it and does not control it', () => {
    const owner = { name: 'nightly', uid: 'c1' };
    const made = runByHand(ofCronJob, {
      namespace: 'acme',
      namedAfter: 'nightly',
      by: 'ann',
      owner,
      plan: 'pinned',
    });
    expect(made).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        generateName: 'nightly-',
        namespace: 'acme',
        labels: { team: 'data' },
        annotations: {
          'dbt-jobs.io/slack-alerts': 'off',
          'cronjob.kubernetes.io/instantiate': 'manual',
          'dbt-jobs.io/triggered-by': 'ann',
        },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: 'c1', controller: false },
        ],
      },
      spec: {
        backoffLimit: 1,
        activeDeadlineSeconds: 600,
        ttlSecondsAfterFinished: 86_400,
        template: {
          metadata: { labels: { 'dbt-jobs.io/project': 'shop', 'dbt-jobs.io/plan': 'pinned' } },
          spec: {
            restartPolicy: 'Never',
            containers: [
              { name: 'proxy', image: 'proxy:1' },
              {
                name: 'main',
                image: 'plan:current',
                command: ['dbt', 'build'],
                args: null,
                env: [{ name: 'A', value: 'b' }],
              },
            ],
          },
        },
      },
    });
  });

  it('makes a run anew from its Job, without what told of that run alone', () => {
    const how = { namespace: 'acme', namedAfter: 'nightly-29', by: 'bob', job: 'nightly', retryOf: 'u1' };
    expect(runByHand(ofJob, { ...how, plan: 'p1', words: ['run', '--select', 'a'] })).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        generateName: 'nightly-29-',
        namespace: 'acme',
        labels: { 'dbt-jobs.io/project': 'shop', 'dbt-jobs.io/job': 'nightly' },
        annotations: {
          'dbt-jobs.io/slack-alerts': 'off',
          'dbt-jobs.io/triggered-by': 'bob',
          'dbt-jobs.io/retry-of': 'u1',
        },
      },
      spec: {
        backoffLimit: 0,
        ttlSecondsAfterFinished: 86_400,
        template: {
          metadata: { labels: { 'dbt-jobs.io/project': 'shop', 'dbt-jobs.io/plan': 'p1' } },
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'dbt', image: 'plan:current', args: ['run', '--select', 'a'] }],
          },
        },
      },
    });
  });

  it('runs under the plan in force unless it is told another', () => {
    const made = runTemplate.parse(
      runByHand(ofCronJob, { namespace: 'acme', namedAfter: 'nightly', by: 'ann' }),
    );
    expect(planOf(made)).toBeUndefined();
  });
});

describe('a template', () => {
  it('tells its project, its plan and the words of its dbt container', () => {
    expect([projectOf(ofCronJob), planOf(ofCronJob), wordsOf(ofCronJob)]).toEqual([
      'shop',
      'pinned',
      ['dbt', 'build'],
    ]);
  });

  const pod = (containers: readonly object[], annotations = {}) =>
    runTemplate.parse({ spec: { template: { metadata: { annotations }, spec: { containers } } } });
  it.each([
    ['named by the annotation', pod([{ name: 'a' }, { name: 'b' }], { 'dbt-jobs.io/container': 'b' }), 'b'],
    ['of the plan image', pod([{ name: 'dbt' }, { name: 'b', image: 'plan:current' }]), 'b'],
    ['called dbt', pod([{ name: 'a' }, { name: 'dbt' }]), 'dbt'],
    ['that is the only one', pod([{ name: 'a' }]), 'a'],
    ['that nothing tells', pod([{ name: 'a' }, { name: 'b' }]), undefined],
  ])('has the dbt container %s', (_, template, name) => {
    expect(dbtContainerOf(template)?.name).toBe(name);
  });

  it('keeps the words of the image before its own', () => {
    expect(wordsOf(withWords(ofJob, ['test']))).toEqual(['test']);
    expect(dbtContainerOf(withWords(ofJob, ['test']))).not.toHaveProperty('command');
  });
});

it('cancels by the name of who did it and a deadline, in one write to that very run', () => {
  expect(cancelPatch('u1', 'ann')).toEqual({
    metadata: { uid: 'u1', annotations: { 'dbt-jobs.io/cancelled-by': 'ann' } },
    spec: { activeDeadlineSeconds: 1 },
  });
});
