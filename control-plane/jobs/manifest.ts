import { annotations, dbtContainer, labels, planImage } from '../../contract/names.ts';
import type { JobSettings } from '../wire/job.ts';
import { printWords } from './dbt-words.ts';

/** How late a start may be made up for when the cluster missed it. Without a limit, for as long as it takes. */
export const startingDeadlineSeconds = 3600;
/** Each: the history of runs is the control plane's, not the cluster's. */
const keptJobs = 3;
/** A week for people to look at pods; those of a monthly job would stay for three months. */
const ttlSeconds = 604_800;
/** dbt's exit code for what no further attempt can change: a project, a profile or a command that is wrong. */
const dbtUnhandledError = 2;

export interface NewCronJob {
  readonly namespace: string;
  readonly name: string;
  readonly project: string;
  readonly settings: JobSettings;
}

/** The CronJob of a job that is made here: the least that says what the settings say. */
export function newCronJob({ namespace, name, project, settings }: NewCronJob) {
  const { schedule, overlap, timeoutSeconds, retries, paused } = settings;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace },
    spec: {
      schedule: schedule.cron,
      timeZone: schedule.timeZone,
      startingDeadlineSeconds,
      concurrencyPolicy: overlap,
      suspend: paused,
      successfulJobsHistoryLimit: keptJobs,
      failedJobsHistoryLimit: keptJobs,
      jobTemplate: {
        metadata: { annotations: alertAnnotations(settings) },
        spec: {
          backoffLimit: retries,
          ...(timeoutSeconds !== undefined && { activeDeadlineSeconds: timeoutSeconds }),
          ttlSecondsAfterFinished: ttlSeconds,
          ...(retries > 0 && { podFailurePolicy: failurePolicy(dbtContainer) }),
          template: {
            metadata: { labels: { [labels.project]: project } },
            spec: {
              restartPolicy: 'Never',
              automountServiceAccountToken: false,
              containers: [{ name: dbtContainer, image: planImage, command: [...printWords(settings)] }],
            },
          },
        },
      },
    },
  };
}

/** Absent means that failures are told (C33). */
export function alertAnnotations({ alerts }: Pick<JobSettings, 'alerts'>): Readonly<Record<string, string>> {
  return {
    ...(!alerts.slack && { [annotations.slackAlerts]: 'off' }),
    ...(alerts.channel !== undefined && { [annotations.slackChannel]: alerts.channel }),
  };
}

/**
 * For a job that may be tried again: a drained node costs no attempt, and what no attempt can change is not tried again.
 * A job without retries is not run twice, whatever the reason.
 */
export function failurePolicy(container: string) {
  return {
    rules: [
      {
        action: 'FailJob',
        onExitCodes: { containerName: container, operator: 'In', values: [dbtUnhandledError] },
      },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ],
  };
}
