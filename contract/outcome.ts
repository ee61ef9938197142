/** The verdict on a run (C30). One object: reason, message, container and exit code always speak of the same container. */
export interface Outcome {
  readonly result: Result;
  readonly reason: OutcomeReason;
  readonly message: string;
  /** The container that decided; absent where none ran. */
  readonly container?: string;
  readonly exitCode?: number;
  readonly dbt?: DbtSummary;
}

export type Result = 'succeeded' | 'failed' | 'cancelled' | 'unknown';

/** What dbt said of its own work: detail, never the verdict. */
export interface DbtSummary {
  /** dbt's node statuses, verbatim, and how many nodes have each. */
  readonly counts: Readonly<Record<string, number>>;
  readonly failedNodes: readonly FailedNode[];
  /** Nodes that dbt had begun and not ended when its output broke off: what ran when it was killed. */
  readonly unfinishedNodes?: readonly string[];
  readonly elapsedSeconds?: number;
}

export interface FailedNode {
  readonly uniqueId: string;
  readonly status: string;
  readonly message: string;
}

interface ReasonEntry {
  readonly result: Result;
  readonly nextStep: string;
}

/** The closed list of reasons: the result each belongs to, and what the reader does next. */
export const outcomeReasons = {
  DbtSucceeded: { result: 'succeeded', nextStep: 'nothing to do' },
  DbtHandledError: { result: 'failed', nextStep: 'correct the failed nodes, then run again' },
  DbtUnhandledError: {
    result: 'failed',
    nextStep: 'read the end of the log: the project, the profile or the command is wrong',
  },
  GitSyncFailed: {
    result: 'failed',
    nextStep: 'check spec.repository of the DbtProject, its Secret, and that the commit still exists',
  },
  PackagesFailed: { result: 'failed', nextStep: 'check packages.yml and spec.packages of the DbtProject' },
  CredentialsMissing: {
    result: 'failed',
    nextStep: 'create the Secret, or the key in it, that the message names',
  },
  ConfigMapMissing: {
    result: 'failed',
    nextStep: 'create the ConfigMap, or the key in it, that the message names',
  },
  ImagePullFailed: {
    result: 'failed',
    nextStep: 'check the image of the plan and the pull secrets of the ServiceAccount',
  },
  AdmissionDenied: { result: 'failed', nextStep: 'do what the message says, then run again' },
  QuotaExceeded: {
    result: 'failed',
    nextStep: 'raise the ResourceQuota, or lower spec.resources of the DbtProject',
  },
  Unschedulable: {
    result: 'failed',
    nextStep: 'make room for it, or lower spec.resources of the DbtProject',
  },
  ContainerFailed: { result: 'failed', nextStep: 'read the log of the container that the message names' },
  OOMKilled: {
    result: 'failed',
    nextStep: 'raise spec.resources.limits.memory of the DbtProject, or lower its threads',
  },
  DeadlineExceeded: {
    result: 'failed',
    nextStep: 'find what took so long in the log, or raise spec.timeoutSeconds of the DbtProject',
  },
  StartTimeout: { result: 'failed', nextStep: 'do what the message says, then run again' },
  Evicted: { result: 'failed', nextStep: 'run again; if it recurs, look at the node that the message names' },
  NodeLost: {
    result: 'failed',
    nextStep: 'run again; if it recurs, look at the node that the message names',
  },
  Cancelled: { result: 'cancelled', nextStep: 'run again when wanted' },
  JobDeleted: { result: 'cancelled', nextStep: 'run again when wanted' },
  Unknown: { result: 'unknown', nextStep: 'look at the Job, its pods and their events' },
} as const satisfies Record<string, ReasonEntry>;

export type OutcomeReason = keyof typeof outcomeReasons;
