import { cancelledDeadline } from './cancel.ts';
import { annotations, labels } from './names.ts';
import { originAnnotations } from './trigger.ts';
import { type RunTemplate, withWords, wordsOf } from './run-template.ts';

/** A day for people to look at what a run by hand left; its log is kept elsewhere (C29). */
export const byHandTtlSeconds = 86_400;

/** As kubectl writes it on a run that it makes from a CronJob. */
const instantiated = { [originAnnotations.instantiate]: 'manual' } as const;

export interface ByHand {
  readonly namespace: string;
  /** The name begins with it; the API server adds what makes it unique, and keeps it within 63 characters. */
  readonly namedAfter: string;
  /** Who asked for it. */
  readonly by: string;
  /** The CronJob that it belongs to. */
  readonly owner?: { readonly name: string; readonly uid: string } | undefined;
  /** The job that it belongs to where its CronJob is gone. */
  readonly job?: string | undefined;
  /** Absent: those of the template. */
  readonly words?: readonly string[] | undefined;
  /** Absent: the plan in force when it starts, whatever the template is pinned to. */
  readonly plan?: string | undefined;
  /** UID of the run that it retries. */
  readonly retryOf?: string | undefined;
}

/**
 * The Job of a run that a person asks for (C29), from a CronJob's template or from the Job of an earlier run. Its CronJob
 * owns it and does not control it, so that history limits and concurrency are those of the schedule alone.
 */
export function runByHand(template: RunTemplate, how: ByHand): Readonly<Record<string, unknown>> {
  const { metadata, spec } = withWords(template, how.words ?? wordsOf(template));
  const pod = spec.template;
  const podLabels = {
    ...kept(pod.metadata?.labels),
    ...(how.plan !== undefined && { [labels.plan]: how.plan }),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      generateName: `${how.namedAfter}-`,
      namespace: how.namespace,
      labels: { ...kept(metadata?.labels), ...(how.job !== undefined && { [labels.job]: how.job }) },
      annotations: {
        ...kept(metadata?.annotations),
        ...(how.owner !== undefined && instantiated),
        [annotations.triggeredBy]: how.by,
        ...(how.retryOf !== undefined && { [annotations.retryOf]: how.retryOf }),
      },
      ...(how.owner !== undefined && { ownerReferences: [ownerReference(how.owner)] }),
    },
    spec: {
      ...without(spec, spec.activeDeadlineSeconds === cancelledDeadline ? [...ofOneJob, deadline] : ofOneJob),
      ttlSecondsAfterFinished: byHandTtlSeconds,
      template: {
        ...pod,
        metadata: { ...without(pod.metadata ?? {}, ['creationTimestamp']), labels: podLabels },
      },
    },
  };
}

function ownerReference({ name, uid }: { readonly name: string; readonly uid: string }) {
  return { apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: false };
}

function without(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));
}

/** Of the spec of a Job: what the API server sets for each anew, and what would keep it from starting. */
const ofOneJob: readonly string[] = ['selector', 'manualSelector', 'suspend'];
const deadline = 'activeDeadlineSeconds';

/** What tells of one run alone, and would be wrong on another. */
const ofOneRun = new Set<string>([
  labels.plan,
  annotations.outcome,
  annotations.cancelledBy,
  annotations.triggeredBy,
  annotations.retryOf,
  annotations.slack,
  'controller-uid',
  'job-name',
  originAnnotations.instantiate,
  'kubectl.kubernetes.io/last-applied-configuration',
]);

function kept(
  entries: Readonly<Record<string, string>> | null | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(entries ?? {}).filter(
      ([key]) => !ofOneRun.has(key) && !key.startsWith('batch.kubernetes.io/'),
    ),
  );
}
