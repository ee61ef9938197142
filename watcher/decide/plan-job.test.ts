import { describe, expect, it } from 'vitest';
import { plan, project } from '../testdata/project.ts';
import { foreignFields, planJob } from './plan-job.ts';

const made = planJob(project(), plan('a'), 'dbt-plan-x');

/** The Job as API server 1.36 gives it back, and as Job admission has changed it. */
function stored(): Record<string, unknown> & { spec: ReturnType<typeof spec> } {
  return { ...made, spec: spec() };
}

function spec() {
  return {
    activeDeadlineSeconds: 86_400,
    backoffLimit: 0,
    completionMode: 'NonIndexed',
    completions: 1,
    manualSelector: false,
    parallelism: 1,
    podReplacementPolicy: 'TerminatingOrFailed',
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
    suspend: false,
    ttlSecondsAfterFinished: 86_400,
    template: {
      metadata: {
        labels: {
          'dbt-jobs.io/project': 'shop',
          'dbt-jobs.io/plan': 'a',
          'batch.kubernetes.io/controller-uid': 'u',
          'batch.kubernetes.io/job-name': 'dbt-plan-x',
          'controller-uid': 'u',
          'job-name': 'dbt-plan-x',
        },
      } as Record<string, unknown>,
      spec: {
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'dbt',
            image: 'plan:current',
            command: ['sh', '-c', 'dbt parse && dbt debug --connection'],
            imagePullPolicy: 'IfNotPresent',
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
          },
        ],
        dnsPolicy: 'ClusterFirst',
        restartPolicy: 'Never',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      } as Record<string, unknown> & { containers: Record<string, unknown>[] },
    },
  };
}

describe('planJob', () => {
  it('is the Job of the contract', () => {
    expect(made).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'dbt-plan-x',
        namespace: 'shop',
        labels: { 'dbt-jobs.io/project': 'shop', 'dbt-jobs.io/plan': 'a' },
        ownerReferences: [
          {
            apiVersion: 'dbt-jobs.io/v1alpha1',
            kind: 'DbtProject',
            name: 'shop',
            uid: 'project-uid',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        backoffLimit: 0,
        ttlSecondsAfterFinished: 86_400,
        template: {
          metadata: { labels: { 'dbt-jobs.io/project': 'shop', 'dbt-jobs.io/plan': 'a' } },
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            containers: [
              {
                name: 'dbt',
                image: 'plan:current',
                command: ['sh', '-c', 'dbt parse && dbt debug --connection'],
              },
            ],
          },
        },
      },
    });
  });
});

describe('foreignFields', () => {
  it('are none in the Job as the server stored it', () => {
    expect(foreignFields(made, stored())).toEqual([]);
  });

  const tampered: Record<
    string,
    { readonly tamper: (job: ReturnType<typeof stored>) => void; readonly field: string }
  > = {
    'another command': {
      tamper: ({ spec: { template } }) => (template.spec.containers[0]!['command'] = ['true']),
      field: 'spec.template.spec.containers.0.command',
    },
    'an environment variable': {
      tamper: ({ spec: { template } }) => (template.spec.containers[0]!['env'] = [{ name: 'A', value: 'b' }]),
      field: 'spec.template.spec.containers.0.env',
    },
    'a second container': {
      tamper: ({ spec: { template } }) => template.spec.containers.push({ name: 'x', image: 'y' }),
      field: 'spec.template.spec.containers',
    },
    'a service account': {
      tamper: ({ spec: { template } }) => (template.spec['serviceAccountName'] = 'admin'),
      field: 'spec.template.spec.serviceAccountName',
    },
    'another plan': {
      tamper: ({ spec: { template } }) =>
        ((template.metadata['labels'] as Record<string, string>)['dbt-jobs.io/plan'] = 'b'),
      field: 'spec.template.metadata.labels.dbt-jobs.io/plan',
    },
    'an annotation': {
      tamper: ({ spec: { template } }) =>
        (template.metadata['annotations'] = { 'dbt-jobs.io/container': 'x' }),
      field: 'spec.template.metadata.annotations',
    },
    'more attempts': { tamper: (job) => (job.spec.backoffLimit = 6), field: 'spec.backoffLimit' },
    'a policy for failed pods': {
      tamper: (job) => Object.assign(job.spec, { podFailurePolicy: { rules: [] } }),
      field: 'spec.podFailurePolicy',
    },
  };

  it.each(Object.entries(tampered))('%s is one', (_, { tamper, field }) => {
    const job = stored();
    tamper(job);
    expect(foreignFields(made, job)).toEqual([field]);
  });

  it('are the whole spec of what has none', () => {
    expect(foreignFields(made, 'nothing')).toEqual(['spec']);
  });
});
