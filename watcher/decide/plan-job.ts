import { apiVersion, dbtContainer, kind, labels, planCommand, planImage } from '../../contract/names.ts';
import type { DbtProject, Plan } from '../../contract/dbt-project.ts';

/** A day for people to look at what a plan printed. */
const planJobTtlSeconds = 86_400;

export interface PlanJobSpec {
  readonly backoffLimit: number;
  readonly ttlSecondsAfterFinished: number;
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: Readonly<Record<string, unknown>>;
  };
}

export interface PlanJob {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'Job';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly Readonly<Record<string, unknown>>[];
  };
  readonly spec: PlanJobSpec;
}

/** The Job that tries a plan (C9). An engine makes its pod what every other run's is. */
export function planJob(project: DbtProject, plan: Plan, name: string): PlanJob {
  const ours = { [labels.project]: project.metadata.name, [labels.plan]: plan.id };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: project.metadata.namespace,
      labels: ours,
      ownerReferences: [
        {
          apiVersion,
          kind,
          name: project.metadata.name,
          uid: project.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: planJobTtlSeconds,
      template: {
        metadata: { labels: ours },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          containers: [{ name: dbtContainer, image: planImage, command: [...planCommand] }],
        },
      },
    },
  };
}

/**
 * What the API server and dbt Jobs' own Job admission (C20) add to a Job; anything else in it was somebody else's doing.
 * `undefined` stands for any value.
 */
const additions: Readonly<Record<string, unknown>> = {
  'spec.activeDeadlineSeconds': undefined,
  'spec.completionMode': 'NonIndexed',
  'spec.completions': 1,
  'spec.manualSelector': false,
  'spec.parallelism': 1,
  'spec.podReplacementPolicy': 'TerminatingOrFailed',
  'spec.selector': undefined,
  'spec.suspend': false,
  'spec.template.metadata.creationTimestamp': null,
  'spec.template.metadata.labels.batch.kubernetes.io/controller-uid': undefined,
  'spec.template.metadata.labels.batch.kubernetes.io/job-name': undefined,
  'spec.template.metadata.labels.controller-uid': undefined,
  'spec.template.metadata.labels.job-name': undefined,
  'spec.template.spec.containers.0.imagePullPolicy': 'IfNotPresent',
  'spec.template.spec.containers.0.resources': {},
  'spec.template.spec.containers.0.terminationMessagePath': '/dev/termination-log',
  'spec.template.spec.containers.0.terminationMessagePolicy': 'File',
  'spec.template.spec.dnsPolicy': 'ClusterFirst',
  'spec.template.spec.schedulerName': 'default-scheduler',
  'spec.template.spec.securityContext': {},
  'spec.template.spec.terminationGracePeriodSeconds': 30,
};

/** Field paths in which a Job's spec is not what `planJob` made, apart from what the server adds; empty where it is. */
export function foreignFields(made: PlanJob, found: unknown): string[] {
  const spec = isRecord(found) ? found['spec'] : undefined;
  return differences(made.spec, spec, 'spec');
}

function differences(made: unknown, found: unknown, path: string): string[] {
  if (Array.isArray(made) && Array.isArray(found)) {
    if (made.length !== found.length) return [path];
    return made.flatMap((value, index) => differences(value, found[index], `${path}.${index}`));
  }
  if (!isRecord(made) || !isRecord(found)) return same(made, found) ? [] : [path];
  return [...new Set([...Object.keys(made), ...Object.keys(found)])].flatMap((key) => {
    const at = `${path}.${key}`;
    if (Object.hasOwn(made, key)) return differences(made[key], found[key], at);
    if (!Object.hasOwn(additions, at)) return [at];
    return additions[at] === undefined || same(additions[at], found[key]) ? [] : [at];
  });
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
