import { z } from 'zod';
import { labels } from '../../contract/names.ts';
import { metadata } from './metadata.ts';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastTransitionTime: z.string().nullish(),
});

const job = z.object({
  metadata,
  spec: z.object({
    suspend: z.boolean().nullish(),
    activeDeadlineSeconds: z.number().nullish(),
    ttlSecondsAfterFinished: z.number().nullish(),
    backoffLimit: z.number().nullish(),
    template: z.object({
      metadata: z
        .object({ labels: z.record(z.string(), z.string()).nullish() })
        .nullish()
        .transform((template) => ({
          project: template?.labels?.[labels.project],
          plan: template?.labels?.[labels.plan],
          job: template?.labels?.[labels.job],
        })),
    }),
  }),
  status: z
    .object({
      startTime: z.string().nullish(),
      completionTime: z.string().nullish(),
      failed: z.number().nullish(),
      succeeded: z.number().nullish(),
      conditions: z.array(condition).nullish(),
    })
    .nullish()
    .transform((status) => ({ ...status, conditions: status?.conditions ?? [] })),
});

/** A Job as the watcher keeps it: trimmed to what a verdict needs. */
export type Job = z.output<typeof job> & { readonly kind: 'Job' };
export type JobCondition = z.output<typeof condition>;

/** Throws a ZodError for what is no Job. */
export function parseJob(value: unknown): Job {
  return { kind: 'Job', ...job.parse(value) };
}

/** The Job, where its pod template carries the project label; undefined for any other Job. */
export function keepRunJob(value: unknown): Job | undefined {
  const parsed = parseJob(value);
  return parsed.spec.template.metadata.project === undefined ? undefined : parsed;
}

/** Complete or Failed: the only conditions that end a Job. SuccessCriteriaMet and FailureTarget only announce one. */
export function endOf(of: Job): JobCondition | undefined {
  return of.status.conditions.find(
    (entry) => (entry.type === 'Complete' || entry.type === 'Failed') && entry.status === 'True',
  );
}
