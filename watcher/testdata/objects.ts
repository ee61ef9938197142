import { annotations, labels } from '../../contract/names.ts';
import { type Job, parseJob } from '../kube/job.ts';
import { parsePod, type Pod } from '../kube/pod.ts';

/** Objects as API server, controllers and kubelet 1.36 write them, cut to the fields that the watcher reads. */
export const times = {
  created: '2026-11-23T02:00:00Z',
  started: '2026-11-23T02:00:05Z',
  finished: '2026-11-23T02:10:00Z',
};

interface JobTweak {
  readonly finalizers?: readonly string[];
  readonly deleted?: string;
  readonly ttl?: number;
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly suspend?: boolean;
  readonly deadline?: number;
  readonly startTime?: string | null;
  readonly failed?: number;
  readonly conditions?: readonly Record<string, string>[];
}

export function rawJob(tweak: JobTweak = {}): Record<string, unknown> {
  return {
    metadata: {
      name: 'nightly-1',
      namespace: 'shop',
      uid: 'job-uid',
      resourceVersion: '10',
      creationTimestamp: times.created,
      labels: { [labels.project]: 'shop', ...tweak.labels },
      annotations: tweak.annotations ?? {},
      ...(tweak.finalizers && { finalizers: tweak.finalizers }),
      ...(tweak.deleted && { deletionTimestamp: tweak.deleted }),
    },
    spec: {
      backoffLimit: 0,
      suspend: tweak.suspend ?? false,
      ...(tweak.ttl !== undefined && { ttlSecondsAfterFinished: tweak.ttl }),
      ...(tweak.deadline !== undefined && { activeDeadlineSeconds: tweak.deadline }),
      template: { metadata: { labels: { [labels.project]: 'shop' } } },
    },
    status: {
      ...(tweak.startTime !== null && { startTime: tweak.startTime ?? times.created }),
      ...(tweak.failed !== undefined && { failed: tweak.failed }),
      conditions: tweak.conditions ?? [],
    },
  };
}

export function job(tweak: JobTweak = {}): Job {
  return parseJob(rawJob(tweak));
}

const ended = (type: string, reason: string, message: string) => ({
  type,
  status: 'True',
  reason,
  message,
  lastTransitionTime: times.finished,
});

/** Conditions of a Job that has ended: since 1.31 the announcing one stands before the terminal one. */
export const conditions = {
  complete: [
    ended('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods'),
    ended('Complete', 'CompletionsReached', 'Reached expected number of succeeded pods'),
  ],
  backoff: [
    ended('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'),
    ended('Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'),
  ],
  deadline: [
    ended('FailureTarget', 'DeadlineExceeded', 'Job was active longer than specified deadline'),
    ended('Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline'),
  ],
  announced: [ended('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')],
};

export const terminated = (
  exitCode: number,
  reason = exitCode === 0 ? 'Completed' : 'Error',
  message?: string,
) => ({
  terminated: {
    exitCode,
    reason,
    startedAt: times.started,
    finishedAt: times.finished,
    ...(message !== undefined && { message }),
  },
});
export const waiting = (reason: string, message?: string) => ({
  waiting: { reason, ...(message !== undefined && { message }) },
});
export const running = { running: { startedAt: times.started } };

interface PodTweak {
  readonly finalizers?: readonly string[];
  readonly name?: string;
  readonly created?: string;
  readonly deleted?: string;
  readonly bare?: true;
  readonly annotations?: Record<string, string>;
  readonly scheduled?: false | string;
  /** Containers by name and the state of each. */
  readonly containers?: Record<string, object>;
  readonly lastState?: object;
  readonly init?: Record<string, object>;
  readonly sidecars?: readonly string[];
  readonly status?: Record<string, unknown>;
  readonly conditions?: readonly Record<string, string>[];
  readonly volumes?: readonly object[];
}

export function rawPod(tweak: PodTweak = {}): Record<string, unknown> {
  const { containers = { dbt: running }, init = {} } = tweak;
  return {
    metadata: podMetadata(tweak),
    spec: {
      nodeName: 'node-a',
      initContainers: Object.keys(init).map((name) => ({
        name,
        image: 'registry.example.com/git-sync:v4',
        ...(tweak.sidecars?.includes(name) && { restartPolicy: 'Always' }),
      })),
      containers: Object.keys(containers).map((name) => ({ name, image: 'registry.example.com/shop:1' })),
      volumes: tweak.volumes ?? [],
    },
    status: {
      phase: 'Pending',
      ...(tweak.scheduled !== false && { startTime: times.created }),
      conditions: [scheduledCondition(tweak.scheduled), ...(tweak.conditions ?? [])],
      initContainerStatuses: statusesOf(init, tweak.lastState),
      containerStatuses: statusesOf(containers, tweak.lastState),
      ...tweak.status,
    },
  };
}

function podMetadata(tweak: PodTweak): Record<string, unknown> {
  const name = tweak.name ?? 'nightly-1-abcde';
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'nightly-1', uid: 'job-uid', controller: true };
  return {
    name,
    namespace: 'shop',
    uid: `${name}-uid`,
    resourceVersion: '20',
    creationTimestamp: tweak.created ?? times.created,
    ...(tweak.deleted && { deletionTimestamp: tweak.deleted, deletionGracePeriodSeconds: 30 }),
    ...(tweak.finalizers && { finalizers: tweak.finalizers }),
    labels: { [labels.project]: 'shop' },
    annotations: { [annotations.container]: 'dbt', ...tweak.annotations },
    ...(!tweak.bare && { ownerReferences: [owner] }),
  };
}

function scheduledCondition(scheduled: false | string | undefined): Record<string, string> {
  return scheduled === false
    ? {
        type: 'PodScheduled',
        status: 'False',
        lastTransitionTime: times.created,
        reason: 'Unschedulable',
        message: '0/1 nodes are available: 1 Insufficient cpu.',
      }
    : { type: 'PodScheduled', status: 'True', lastTransitionTime: scheduled ?? times.created };
}

function statusesOf(states: Record<string, object>, lastState: object = {}): object[] {
  return Object.entries(states).map(([name, state]) => ({
    name,
    image: 'registry.example.com/shop:1',
    restartCount: 0,
    state,
    lastState,
  }));
}

export function pod(tweak: PodTweak = {}): Pod {
  return parsePod(rawPod(tweak));
}
