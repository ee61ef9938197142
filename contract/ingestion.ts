import { z } from 'zod';
import { outcomeReasons } from './outcome.ts';

/**
 * What the watcher tells the control plane (C34). One POST of a batch; the caller is the watcher's ServiceAccount, by a
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

/** What is known of a run now. Key: `run.uid`; the latest `observedAt` holds. */
const progress = z.object({
  kind: z.literal('progress'),
  run,
  observedAt: instant,
  phase: z.enum(['pending', 'running', 'ended']),
  createdAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  attempts: z.array(
    z.object({
      uid,
      name: z.string(),
      phase: z.string(),
      node: z.string().optional(),
      startedAt: instant.optional(),
    }),
  ),
  cancelledBy: z.string().optional(),
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

export const ingestionReport = z.discriminatedUnion('kind', [progress, outcome, log]);

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
export type OutcomeReport = z.output<typeof outcome>;
export type LogReport = z.output<typeof log>;
