import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import type { Outcome } from '../../contract/outcome.ts';

/** The Job of the Candidate's name, as the API server has it now. */
export type PlanJobSeen =
  | { readonly is: 'absent' }
  | {
      readonly is: 'present';
      readonly uid: string;
      /** The project's UID where the project controls the Job. */
      readonly controller: string | undefined;
      /** Fields in which it is not the Job that the watcher makes. */
      readonly foreign: readonly string[];
      /** Absent until the Job has ended. */
      readonly outcome?: Outcome;
    };

export type PlanStep =
  | { readonly do: 'create' }
  | { readonly do: 'wait' }
  | { readonly do: 'record'; readonly jobUID: string }
  | { readonly do: 'promote' }
  | { readonly do: 'fail'; readonly message: string };

/** One Candidate at a time, the oldest first: so the newest one that succeeds is promoted last and stays in force. */
export function nextCandidate(project: DbtProject): Plan | undefined {
  if (project.metadata.deletionTimestamp !== undefined) return undefined;
  return project.status.plans.filter((plan) => plan.phase === 'Candidate').toSorted(byAge)[0];
}

function byAge(a: Plan, b: Plan): number {
  const age = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  return age === 0 ? (a.id < b.id ? -1 : 1) : age;
}

/**
 * What to do about a Candidate:
 *  1. its recorded Job ended: promote or fail; not ended: wait; gone or another one: fail;
 *  2. no Job recorded and none there: create;
 *  3. none recorded, but one of that name: record it if it can only be the watcher's own, else fail.
 */
export function planStep(project: DbtProject, plan: Plan, jobName: string, job: PlanJobSeen): PlanStep {
  if (plan.jobUID !== undefined) return recorded(plan.jobUID, jobName, job);
  if (job.is === 'absent') return { do: 'create' };
  if (job.controller === project.metadata.uid && job.foreign.length === 0) {
    return { do: 'record', jobUID: job.uid };
  }
  const why =
    job.controller === project.metadata.uid
      ? `differs from the Job that tries a plan in ${job.foreign.join(', ')}`
      : 'is not controlled by this DbtProject';
  return {
    do: 'fail',
    message: `Job "${jobName}" was there before and ${why}: delete it, then make another plan`,
  };
}

function recorded(jobUID: string, jobName: string, job: PlanJobSeen): PlanStep {
  if (job.is === 'absent' || job.uid !== jobUID) {
    const what = job.is === 'absent' ? 'is gone' : 'was replaced by another of its name';
    return {
      do: 'fail',
      message: `Job "${jobName}" ${what} before its outcome was seen: make another plan`,
    };
  }
  if (job.outcome === undefined) return { do: 'wait' };
  return job.outcome.result === 'succeeded'
    ? { do: 'promote' }
    : { do: 'fail', message: `${job.outcome.reason}: ${job.outcome.message}` };
}

/** One below the limit of the CRD, so that a pipeline finds room for its next Candidate. */
const keptPlans = 19;

/** The plans with one of them changed, and the oldest left out where they are too many: never the one in force, never a Candidate. */
export function withPlan(plans: readonly Plan[], changed: Plan, inForce: string | undefined): Plan[] {
  const all = plans.map((plan) => (plan.id === changed.id ? changed : plan));
  const spare = all
    .filter((plan) => plan.id !== inForce && plan.id !== changed.id && plan.phase !== 'Candidate')
    .toSorted(byAge)
    .slice(0, Math.max(0, all.length - keptPlans))
    .map((plan) => plan.id);
  return all.filter((plan) => !spare.includes(plan.id));
}
