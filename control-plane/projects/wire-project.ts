import type { Condition, DbtProject, Plan } from '../../contract/dbt-project.ts';
import { wirePlan } from '../plans/plan-record.ts';
import type { WireJob } from '../wire/job.ts';
import type { WireProject } from '../wire/project.ts';
import type { RunSummary } from '../wire/run.ts';

export interface ProjectFacts {
  readonly project: DbtProject;
  /** With enough of their last runs to see whether the last one that ended failed. */
  readonly jobs: readonly WireJob[];
  /** The newest run of the project that has ended; undefined where there is none. */
  readonly lastRun: RunSummary | undefined;
}

/** A project as the API tells it. */
export function wireProject({ project, jobs, lastRun }: ProjectFacts): WireProject {
  const { metadata, spec, status } = project;
  const inForce = status.plans.find(({ id }) => id === status.plan);
  const newer = newerThan(inForce, status.plans);
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const nextRunAt = jobs
    .flatMap(({ paused, schedule }) => (paused ? [] : schedule.next.slice(0, 1)))
    .toSorted()[0];
  return {
    name: metadata.name,
    repository: spec.repository.url,
    ...(ready !== undefined && { ready: wireCondition(ready) }),
    ...(inForce !== undefined && { inForce: wirePlan(inForce, status.plan) }),
    ...(newer !== undefined && { newer: wirePlan(newer, status.plan) }),
    ...(lastRun !== undefined && { lastRun: told(lastRun) }),
    ...(nextRunAt !== undefined && { nextRunAt }),
    jobs: jobs.length,
    failingJobs: jobs.filter(isFailing).length,
  };
}

export function wireCondition({ type, status, reason, message, lastTransitionTime }: Condition) {
  return { type, status, reason, message, since: new Date(lastTransitionTime).toISOString() };
}

/** The newest plan that is not promoted, where it was made after the one in force. */
function newerThan(inForce: Plan | undefined, plans: readonly Plan[]): Plan | undefined {
  const at = (plan: Plan | undefined) => (plan === undefined ? 0 : Date.parse(plan.createdAt));
  const newest = plans.toSorted((one, other) => at(other) - at(one))[0];
  return newest !== undefined && newest.phase !== 'Promoted' && at(newest) >= at(inForce)
    ? newest
    : undefined;
}

function isFailing({ lastRuns }: WireJob): boolean {
  return lastRuns.find(({ phase }) => phase === 'ended')?.result === 'failed';
}

function told({ uid, name, result, endedAt }: RunSummary): NonNullable<WireProject['lastRun']> {
  return { uid, name, result: result ?? 'unknown', ...(endedAt !== undefined && { endedAt }) };
}
