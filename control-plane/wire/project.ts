import { z } from 'zod';
import { plan } from './plan.ts';

const condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  since: z.iso.datetime(),
});

/** The DbtProject in words of the contract; names of Secrets, never their values. */
export const project = z.object({
  name: z.string(),
  repository: z.string(),
  ready: condition.optional(),
  inForce: plan.optional(),
  /** A newer plan than that in force which failed or waits: pushed code that does not run yet. */
  newer: plan.optional(),
  lastRun: z
    .object({ uid: z.string(), name: z.string(), result: z.string(), endedAt: z.iso.datetime().optional() })
    .optional(),
  nextRunAt: z.iso.datetime().optional(),
  jobs: z.number().int(),
  failingJobs: z.number().int(),
});

export const projectConfiguration = z.object({
  /** `spec` of the DbtProject as the API server has it. */
  spec: z.record(z.string(), z.unknown()),
  conditions: z.array(condition),
  /** A labelled pod as written and as the cluster would make it; absent with the reason why. */
  pod: z.object({ before: z.string(), after: z.string() }).or(z.object({ problem: z.string() })),
});

export type WireProject = z.output<typeof project>;
export type ProjectConfiguration = z.output<typeof projectConfiguration>;
