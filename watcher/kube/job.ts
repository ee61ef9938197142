import { z } from 'zod';
import { annotations, labels } from '../../contract/names.ts';
import { boundedWords, rawWords } from './container-words.ts';
import { chooseDbtContainer } from './dbt-container.ts';
import { metadata } from './metadata.ts';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastTransitionTime: z.string().nullish(),
});

const strings = z.record(z.string(), z.string()).nullish();
const container = z.object({ name: z.string(), image: z.string().nullish(), ...rawWords });
const template = z.object({
  metadata: z.object({ labels: strings, annotations: strings }).nullish(),
  spec: z.object({ containers: z.array(container).nullish() }).nullish(),
});

function dbtWords(
  told: string | undefined,
  containers: readonly z.output<typeof container>[] | null | undefined,
): readonly string[] {
  const dbt = chooseDbtContainer(told, containers ?? []);
  return boundedWords(dbt?.command, dbt?.args);
}

const job = z.object({
  metadata,
  spec: z.object({
    suspend: z.boolean().nullish(),
    activeDeadlineSeconds: z.number().nullish(),
    ttlSecondsAfterFinished: z.number().nullish(),
    backoffLimit: z.number().nullish(),
    template: template.transform(({ metadata, spec }) => ({
      metadata: {
        project: metadata?.labels?.[labels.project],
        plan: metadata?.labels?.[labels.plan],
        job: metadata?.labels?.[labels.job],
      },
      /** Of its dbt container. */
      words: dbtWords(metadata?.annotations?.[annotations.container], spec?.containers),
    })),
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
