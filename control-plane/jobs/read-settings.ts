import { annotations, planImage } from '../../contract/names.ts';
import { dbtContainerOf, planOf, wordsOf } from '../../contract/run-template.ts';
import { scheduleProblems } from '../schedule/schedule.ts';
import { jobSettings, type JobSettings } from '../wire/job.ts';
import type { CronJob } from './cron-job.ts';
import { parseWords } from './dbt-words.ts';

/** Kubernetes' own, where a Job does not say. */
const backoffLimit = 6;
/** The zone of a controller that runs in a container, as nearly every one does. */
export const zoneOfController = 'UTC';

/** What a person decided about a job, or everything in its CronJob that no settings say. */
export function readSettings(object: CronJob): JobSettings | { readonly reasons: readonly string[] } {
  const { spec } = object;
  const { jobTemplate } = spec;
  const job = jobTemplate.spec;
  const words = parseWords(wordsOf(jobTemplate));
  const schedule = { cron: spec.schedule, timeZone: spec.timeZone ?? zoneOfController };
  const told = jobTemplate.metadata?.annotations ?? {};
  const channel = told[annotations.slackChannel];
  const deadline = job['activeDeadlineSeconds'] ?? undefined;
  const parsed = jobSettings.safeParse({
    ...('why' in words ? { command: 'build' } : words),
    schedule,
    overlap: spec.concurrencyPolicy ?? 'Allow',
    ...(deadline !== undefined && { timeoutSeconds: deadline }),
    retries: job['backoffLimit'] ?? backoffLimit,
    alerts: { slack: told[annotations.slackAlerts] !== 'off', ...(channel !== undefined && { channel }) },
    paused: spec.suspend ?? false,
  });
  const reasons = [
    ...('why' in words ? [words.why] : []),
    ...scheduleProblems(schedule).map(({ field, message }) => `its ${names[field]} ${message}`),
    ...(parsed.error?.issues ?? []).map(
      ({ path }) => `its ${fieldNames[String(path[0])] ?? 'settings'} cannot be set here`,
    ),
    ...shapeReasons(object),
  ];
  return parsed.data === undefined || reasons.length > 0 ? { reasons } : parsed.data;
}

const names = { cron: 'schedule', timeZone: 'time zone' } as const;
const fieldNames: Readonly<Record<string, string>> = {
  schedule: 'schedule',
  overlap: 'concurrencyPolicy',
  timeoutSeconds: 'activeDeadlineSeconds',
  retries: 'backoffLimit',
  alerts: 'Slack channel',
};

/** What settings take for granted of every job. */
function shapeReasons({ spec: { jobTemplate } }: CronJob): readonly string[] {
  const { parallelism, completions, suspend } = jobTemplate.spec;
  const dbt = dbtContainerOf(jobTemplate);
  const plan = planOf(jobTemplate);
  const many = [parallelism, completions].some((count) => typeof count === 'number' && count !== 1);
  return [
    ...(dbt === undefined ? ['none of its containers is the one that runs dbt'] : []),
    ...(dbt !== undefined && dbt.image !== planImage
      ? [`its image is ${dbt.image ?? 'not set'}, not ${planImage}`]
      : []),
    ...(plan === undefined ? [] : [`it is pinned to plan ${plan}`]),
    ...(many ? ['each of its runs is more than one pod'] : []),
    ...(suspend === true ? ['its runs are made suspended'] : []),
  ];
}
