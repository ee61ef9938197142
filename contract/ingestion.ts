import { z } from 'zod';
import { outcomeReasons } from './outcome.ts';

/**
 * What the watcher tells the control plane (C34). One POST of a batch, at least one in a minute, empty where there is
 * nothing: the control plane tells by it whether the watcher is there. The caller is the watcher's ServiceAccount, by a
 * token of the audience below in `Authorization: Bearer`, which the control plane has the API server review.
 *
 * Everything may come twice, from another watcher, and late: the control plane keeps a report by the key that its
 * schema names, so that a repeat changes nothing.
 *
 * Answers: 200 with `ingestionAnswer`, once the batch is safe; 401 and 403: the token is read again; 413: the batch is
 * sent in halves; 429 and 503 with `Retry-After`; any other status: the batch is sent again later. A report of
 * `rejected` is not sent again.
 */
export const ingestion = {
  path: '/api/ingestion/v1/reports',
  audience: 'dbt-jobs-control-plane',
  /** Most bytes of a batch as JSON. */
  batchBytes: 1024 * 1024,
} as const;

const uid = z.string().min(1).max(128);
const instant = z.iso.datetime();
/** Nine digits after the point, UTC. */
const stamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);

const run = z.object({
  uid,
  kind: z.enum(['Job', 'Pod']),
  namespace: z.string(),
  name: z.string(),
  project: z.string(),
  /** What the run is one of (C4); absent for one of its own. */
  job: z.string().optional(),
  plan: z.string().optional(),
});

/** How the run came to be. A person's or a tool's own words are shown as such, never trusted. */
const trigger = z.object({
  /** `schedule` by its CronJob, `manual` by a person, `retry` of another run, `plan` to try a plan, `tool` otherwise. */
  kind: z.enum(['schedule', 'manual', 'retry', 'plan', 'tool']),
  /** What the annotation `dbt-jobs.io/triggered-by` says. */
  by: z.string().optional(),
  /** When its schedule wanted it. */
  scheduledFor: instant.optional(),
  /** UID of the run that it retries. */
  retryOf: uid.optional(),
});

/** A phase of an attempt: a container, or of git-sync and packages together. */
const span = z.object({ startedAt: instant, endedAt: instant.optional() });

/** What is known of a run now. Key: `run.uid`; the latest `observedAt` holds. */
const progress = z.object({
  kind: z.literal('progress'),
  run,
  observedAt: instant,
  phase: z.enum(['pending', 'running', 'ended']),
  trigger,
  createdAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  /** `command` and `args` of the dbt container, redacted. */
  command: z.array(z.string()),
  /** What was injected, once there is a pod. */
  image: z.string().optional(),
  commit: z.string().optional(),
  attempts: z.array(
    z.object({
      uid,
      name: z.string(),
      phase: z.string(),
      node: z.string().optional(),
      createdAt: instant,
      startedAt: instant.optional(),
      clone: span.optional(),
      dbt: span.optional(),
      exitCode: z.number().int().optional(),
    }),
  ),
  /** Why dbt has not started yet, in words; only while it has not. */
  waitingFor: z.string().optional(),
  cancelledBy: z.string().optional(),
});

/** One node of a dbt command: dbt's own words; `started` where it has not ended. */
const node = z.object({
  uniqueId: z.string(),
  status: z.string(),
  message: z.string().optional(),
  thread: z.string().optional(),
  startedAt: instant.optional(),
  finishedAt: instant.optional(),
  seconds: z.number().optional(),
});

/**
 * What one dbt command of an attempt told. Key of the command: `attempt`, `execution`, `index`; of a node of it:
 * `uniqueId`; the latest `observedAt` holds for each. A report names the nodes that are new or changed, at most 500.
 */
const nodes = z.object({
  kind: z.literal('nodes'),
  run,
  observedAt: instant,
  attempt: uid,
  /** The dbt container's restartCount. */
  execution: z.number().int().nonnegative(),
  /** Of the command within the log, from 0. */
  index: z.number().int().nonnegative(),
  /** dbt's invocation_id; plain text has none. */
  invocation: z.string().optional(),
  version: z.string().optional(),
  elapsedSeconds: z.number().optional(),
  error: z.string().optional(),
  nodes: z.array(node).max(500),
});

const dbt = z.object({
  counts: z.record(z.string(), z.number()),
  failedNodes: z.array(z.looseObject({ uniqueId: z.string(), status: z.string(), message: z.string() })),
  elapsedSeconds: z.number().optional(),
});

const reasons = z.custom<keyof typeof outcomeReasons>(
  (value) => typeof value === 'string' && Object.hasOwn(outcomeReasons, value),
  'must be a reason of outcome.ts',
);

/** The verdict (C30). Key: `run.uid`; the first holds. */
const outcome = z.object({
  kind: z.literal('outcome'),
  run,
  decidedAt: instant,
  outcome: z.looseObject({
    result: z.enum(['succeeded', 'failed', 'cancelled', 'unknown']),
    reason: reasons,
    message: z.string(),
    container: z.string().optional(),
    exitCode: z.number().int().optional(),
    dbt: dbt.loose().optional(),
  }),
});

/** A part of a container's log. Key of a line: `attempt`, `container`, `execution`, `at`, `n`. */
const log = z.object({
  kind: z.literal('log'),
  run,
  /** UID of the pod. */
  attempt: uid,
  container: z.string(),
  /** The container's restartCount. */
  execution: z.number().int().nonnegative(),
  /** `n` counts the lines of one stamp, from 0. No text holds a line feed or a NUL. */
  lines: z.array(z.object({ at: stamp, n: z.number().int().nonnegative(), text: z.string() })),
  /** Where lines are missing: behind the line of `after`, or from the first on. */
  gaps: z.array(
    z.object({ after: stamp.optional(), reason: z.enum(['rotated', 'unreadable', 'spool-full']) }),
  ),
  /** Set once no more is coming. */
  end: z.enum(['complete', 'incomplete']).optional(),
});

export const ingestionReport = z.discriminatedUnion('kind', [progress, nodes, outcome, log]);

export const ingestionBatch = z.object({
  version: z.literal('v1'),
  /** The pod that sends it. */
  sentBy: z.string(),
  reports: z.array(ingestionReport).max(1000),
});

export const ingestionAnswer = z.object({
  /** Reports that never will be accepted, by their index in the batch, and why. */
  rejected: z.array(z.object({ index: z.number().int().nonnegative(), message: z.string() })),
});

export type IngestionReport = z.output<typeof ingestionReport>;
export type IngestionBatch = z.output<typeof ingestionBatch>;
export type RunRef = z.output<typeof run>;
export type ProgressReport = z.output<typeof progress>;
export type NodesReport = z.output<typeof nodes>;
export type OutcomeReport = z.output<typeof outcome>;
export type LogReport = z.output<typeof log>;
