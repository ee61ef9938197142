import { z } from 'zod';

/** The five that can be chosen; further ones are shown of jobs made elsewhere. */
export const dbtCommands = {
  build: 'Seeds, runs, snapshots and tests everything in the order of its dependencies.',
  run: 'Runs models only: tables and views are made anew, nothing is tested.',
  test: 'Tests what is there: data and unit tests, nothing is made.',
  snapshot: 'Records how rows have changed since the last snapshot.',
  seed: 'Loads the CSV files of the project into the warehouse.',
} as const;
export const recommendedCommand = 'build';

const selector = z.string().min(1).max(1024);

/** Options of a dbt command; each becomes words of the argument list, never of a shell. */
export const commandOptions = z.strictObject({
  select: z.array(selector).max(50).optional(),
  exclude: z.array(selector).max(50).optional(),
  selector: selector.optional(),
  target: z.string().min(1).max(128).optional(),
  threads: z.number().int().min(1).max(256).optional(),
  fullRefresh: z.boolean().optional(),
  failFast: z.boolean().optional(),
  /** YAML or JSON of one object. */
  vars: z.string().max(10_000).optional(),
});

/** What a person decides about a job; a labelled CronJob holds it (C29). */
export const jobSettings = z.strictObject({
  command: z.enum(['build', 'run', 'test', 'snapshot', 'seed']),
  options: commandOptions.default({}),
  schedule: z.strictObject({ cron: z.string().min(1).max(256), timeZone: z.string().min(1).max(64) }),
  /** `Allow`: both run; `Forbid`: the new one is left out; `Replace`: the one at work is ended. */
  overlap: z.enum(['Allow', 'Forbid', 'Replace']).default('Forbid'),
  /** Absent: the project's. */
  timeoutSeconds: z.number().int().min(1).max(604_800).optional(),
  retries: z.number().int().min(0).max(10).default(0),
  alerts: z
    .strictObject({
      slack: z.boolean(),
      /** Absent: the organization's. */ channel: z.string().min(1).max(80).optional(),
    })
    .default({ slack: false }),
  paused: z.boolean().default(false),
});

export const newJob = z.strictObject({
  /** 52 characters, so that the Jobs of a CronJob have room for their own part. */
  name: z
    .string()
    .max(52)
    .regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
      'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
    ),
  settings: jobSettings,
});

/** `resourceVersion` as it was read: a job that somebody else has changed since is not overwritten. */
export const changedJob = z.strictObject({ resourceVersion: z.string().min(1), settings: jobSettings });

export const schedule = z.object({
  cron: z.string(),
  timeZone: z.string(),
  /** In plain language. */
  reading: z.string(),
  next: z.array(z.iso.datetime()),
  /** Daylight saving, dates that never or rarely come. */
  warnings: z.array(z.string()),
});

const lastRun = z.object({
  uid: z.string(),
  name: z.string(),
  phase: z.enum(['pending', 'running', 'ended']),
  result: z.enum(['succeeded', 'failed', 'cancelled', 'unknown']).optional(),
  createdAt: z.iso.datetime(),
  seconds: z.number().optional(),
});

export const job = z.object({
  name: z.string(),
  project: z.string(),
  resourceVersion: z.string(),
  createdAt: z.iso.datetime(),
  /** What runs, whoever wrote it. */
  argv: z.array(z.string()),
  schedule,
  paused: z.boolean(),
  /** Absent where the CronJob says what no settings can: it is shown, and changed where it was written. */
  settings: jobSettings.optional(),
  readOnly: z
    .object({ reason: z.string(), /** Argo CD, Flux, Helm. */ by: z.string().optional() })
    .optional(),
  /** The newest first, at most 20. */
  lastRuns: z.array(lastRun),
});

export type CommandOptions = z.output<typeof commandOptions>;
export type JobSettings = z.output<typeof jobSettings>;
export type NewJob = z.output<typeof newJob>;
export type ChangedJob = z.output<typeof changedJob>;
export type WireSchedule = z.output<typeof schedule>;
export type WireJob = z.output<typeof job>;
