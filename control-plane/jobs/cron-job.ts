import { z } from 'zod';
import { projectOf, runTemplate, type RunTemplate } from '../../contract/run-template.ts';

const strings = z.record(z.string(), z.string()).nullish();

const cronJob = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    generation: z.number().optional(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().nullish(),
    labels: strings,
    annotations: strings,
  }),
  spec: z.looseObject({
    schedule: z.string(),
    timeZone: z.string().nullish(),
    startingDeadlineSeconds: z.number().nullish(),
    concurrencyPolicy: z.string().nullish(),
    suspend: z.boolean().nullish(),
    jobTemplate: runTemplate,
  }),
});

/** A CronJob as the API server gives it, with all that is in it. */
export type CronJob = z.output<typeof cronJob>;

/** A labelled one: a job (C29). */
export interface Job {
  readonly project: string;
  readonly object: CronJob;
}

/** Undefined for a CronJob that is no job. Throws a ZodError for what is no CronJob. */
export function parseJob(value: unknown): Job | undefined {
  const object = cronJob.parse(value);
  const project = projectOf(object.spec.jobTemplate);
  return project === undefined ? undefined : { project, object };
}

/**
 * Changes with what a person decides and not with what the controller writes: a resourceVersion would be another after
 * each run. A CronJob made anew under its name has another UID.
 */
export function versionOf({ metadata: { uid, generation } }: CronJob): string {
  return `${uid}.${generation ?? 0}`;
}

export function templateOf({ object }: Job): RunTemplate {
  return object.spec.jobTemplate;
}
