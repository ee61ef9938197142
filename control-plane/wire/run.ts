import { z } from 'zod';

const instant = z.iso.datetime();
const span = z.object({ startedAt: instant, endedAt: instant.optional() });

export const phases = ['pending', 'running', 'ended'] as const;
export const results = ['succeeded', 'failed', 'cancelled', 'unknown'] as const;

/** A row of the list of runs. */
export const runSummary = z.object({
  uid: z.string(),
  name: z.string(),
  project: z.string(),
  /** Absent for one of its own. */
  job: z.string().optional(),
  phase: z.enum(phases),
  result: z.enum(results).optional(),
  /** Of outcome.ts. */
  reason: z.string().optional(),
  trigger: z.object({
    kind: z.enum(['schedule', 'manual', 'retry', 'plan', 'tool']),
    by: z.string().optional(),
    scheduledFor: instant.optional(),
    retryOf: z.string().optional(),
  }),
  command: z.array(z.string()),
  plan: z.string().optional(),
  commit: z.string().optional(),
  createdAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
});

export const run = runSummary.extend({
  image: z.string().optional(),
  /** What the outcome says (C30), with what to do next. */
  outcome: z
    .object({
      message: z.string(),
      nextStep: z.string(),
      container: z.string().optional(),
      exitCode: z.number().int().optional(),
      counts: z.record(z.string(), z.number()).optional(),
      failedNodes: z.array(z.object({ uniqueId: z.string(), status: z.string(), message: z.string() })),
      unfinishedNodes: z.array(z.string()),
    })
    .optional(),
  waitingFor: z.string().optional(),
  cancelledBy: z.string().optional(),
  /** The newest last. */
  attempts: z.array(
    z.object({
      uid: z.string(),
      name: z.string(),
      phase: z.string(),
      node: z.string().optional(),
      createdAt: instant,
      clone: span.optional(),
      dbt: span.optional(),
      exitCode: z.number().int().optional(),
    }),
  ),
  /** What can be done now, and why not where it cannot. */
  actions: z.object({
    cancel: z.object({ possible: z.boolean(), why: z.string().optional() }),
    again: z.object({ possible: z.boolean(), why: z.string().optional() }),
    retry: z.object({ possible: z.boolean(), why: z.string().optional() }),
  }),
});

/** The newest first. */
export const runList = z.object({
  runs: z.array(runSummary),
  /** To be given back as `before`; absent on the last page. */
  next: z.string().optional(),
});

export const runFilter = z.strictObject({
  job: z.string().optional(),
  result: z.enum(results).optional(),
  phase: z.enum(phases).optional(),
  trigger: z.enum(['schedule', 'manual', 'retry', 'plan', 'tool']).optional(),
  before: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** What a retry from failure would run, before it is started. */
export const retryPreview = z.object({
  argv: z.array(z.string()),
  plan: z.string(),
  /** unique_ids of what failed or was skipped. */
  nodes: z.array(z.string()),
  /** dbt was broken off: what it had not begun is run as well, and is not among `nodes`. */
  rest: z.boolean(),
});

export const node = z.object({
  uniqueId: z.string(),
  /** The part of the id before its first point: model, test, seed, snapshot, unit_test, operation. */
  type: z.string(),
  name: z.string(),
  status: z.string(),
  message: z.string().optional(),
  thread: z.string().optional(),
  startedAt: instant.optional(),
  finishedAt: instant.optional(),
  seconds: z.number().optional(),
});

/** One dbt command of an attempt. */
export const invocation = z.object({
  attempt: z.string(),
  execution: z.number().int(),
  index: z.number().int(),
  invocation: z.string().optional(),
  version: z.string().optional(),
  elapsedSeconds: z.number().optional(),
  error: z.string().optional(),
  nodes: z.array(node),
});
export const invocations = z.object({ invocations: z.array(invocation) });

/** The pod as it was made and as admission left it, while Kubernetes keeps it; environment values of Secrets are never in a pod. */
export const runPod = z.object({ before: z.string(), after: z.string() });

export type RunSummary = z.output<typeof runSummary>;
export type WireRun = z.output<typeof run>;
export type RunList = z.output<typeof runList>;
export type RunFilter = z.output<typeof runFilter>;
export type RetryPreview = z.output<typeof retryPreview>;
export type WireNode = z.output<typeof node>;
export type WireInvocation = z.output<typeof invocation>;
