import { z } from 'zod';
import { labels } from '../../contract/names.ts';
import { metadata } from './metadata.ts';

const cronJob = z.object({
  metadata,
  spec: z.object({
    concurrencyPolicy: z.string().nullish(),
    jobTemplate: z.object({
      spec: z.object({
        template: z.object({
          metadata: z.object({ labels: z.record(z.string(), z.string()).nullish() }).nullish(),
        }),
      }),
    }),
  }),
});

export interface CronJob {
  readonly metadata: z.output<typeof metadata>;
  readonly project: string;
  /** Whether a run that is still at work makes way for the next. */
  readonly replaces: boolean;
}

/** The CronJob, where its pod template carries the project label; undefined for any other. */
export function keepCronJob(value: unknown): CronJob | undefined {
  const parsed = cronJob.parse(value);
  const project = parsed.spec.jobTemplate.spec.template.metadata?.labels?.[labels.project];
  if (project === undefined) return undefined;
  return { metadata: parsed.metadata, project, replaces: parsed.spec.concurrencyPolicy === 'Replace' };
}
