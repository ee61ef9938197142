import { z } from 'zod';

/** A pair of image and commit, and how its trial went (C9). */
export const plan = z.object({
  id: z.string(),
  image: z.string(),
  commit: z.string(),
  phase: z.enum(['Candidate', 'Promoted', 'Failed']),
  inForce: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string().optional(),
  finishedAt: z.iso.datetime().optional(),
  message: z.string().optional(),
  /** UID of the run that tried it. */
  run: z.string().optional(),
  /** False for one that Kubernetes no longer keeps: it can be looked at, not rolled back to. */
  selectable: z.boolean(),
});

export const newPlan = z.strictObject({
  commit: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be the whole hash: 40 or 64 of 0-9 a-f'),
  image: z.string().min(1).max(512),
});

export type WirePlan = z.output<typeof plan>;
export type NewPlan = z.output<typeof newPlan>;
