import { shownWords } from '../../contract/container-words.ts';
import { wordsOf } from '../../contract/run-template.ts';
import { describeSchedule } from '../schedule/schedule.ts';
import type { JobSettings, WireJob, WireSchedule } from '../wire/job.ts';
import type { RunSummary } from '../wire/run.ts';
import { type CronJob, type Job, templateOf, versionOf } from './cron-job.ts';
import { gitOwnerOf } from './git-owner.ts';
import { readSettings, zoneOfController } from './read-settings.ts';

/** A job as the API tells it. */
export function wireJob(job: Job, lastRuns: readonly RunSummary[], now: number): WireJob {
  const { object, project } = job;
  const settings = readSettings(object);
  const readOnly = readOnlyOf(object, settings);
  return {
    name: object.metadata.name,
    project,
    resourceVersion: versionOf(object),
    createdAt: new Date(object.metadata.creationTimestamp).toISOString(),
    argv: shownWords(wordsOf(templateOf(job))),
    schedule: scheduleOf(object, now),
    paused: object.spec.suspend ?? false,
    ...(!('reasons' in settings) && { settings }),
    ...(readOnly !== undefined && { readOnly }),
    lastRuns: lastRuns.map(lastRun),
  };
}

/** Why a job is changed elsewhere; undefined where it can be changed here. */
export function readOnlyOf(
  { metadata }: CronJob,
  settings: JobSettings | { readonly reasons: readonly string[] },
): WireJob['readOnly'] {
  const by = gitOwnerOf(metadata);
  const reasons = 'reasons' in settings ? settings.reasons : [];
  if (by !== undefined) {
    return { by, reason: `${by} keeps it as it is written elsewhere, and would undo a change made here` };
  }
  if (reasons.length === 0) return undefined;
  return { reason: `It was written by hand in a way that cannot be set here: ${reasons.join('; ')}` };
}

function scheduleOf({ spec }: CronJob, now: number): WireSchedule {
  const told = describeSchedule({ cron: spec.schedule, timeZone: spec.timeZone ?? zoneOfController }, now);
  const warnings = [
    ...told.warnings,
    ...((spec.timeZone ?? undefined) === undefined
      ? [`The CronJob names no time zone: it is that of Kubernetes' controller, mostly ${zoneOfController}`]
      : []),
    ...((spec.startingDeadlineSeconds ?? undefined) === undefined
      ? [
          'The CronJob has no startingDeadlineSeconds: a start that was missed is made up for however late it is',
        ]
      : []),
  ];
  return { ...told, warnings };
}

function lastRun({
  uid,
  name,
  phase,
  result,
  createdAt,
  startedAt,
  endedAt,
}: RunSummary): WireJob['lastRuns'][number] {
  const from = startedAt ?? createdAt;
  return {
    uid,
    name,
    phase,
    createdAt,
    ...(result !== undefined && { result }),
    ...(endedAt !== undefined && { seconds: Math.max(0, (Date.parse(endedAt) - Date.parse(from)) / 1000) }),
  };
}
