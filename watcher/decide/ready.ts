import type { Condition, DbtProject, Plan } from '../../contract/dbt-project.ts';
import type { LimitRange, ResourceQuota } from '../kube/limits.ts';
import { limitRangeConflicts, quotaConflicts } from './limits.ts';
import { nextCandidate } from './plan.ts';

/** The closed list of reasons of the condition Ready (C10). */
export type ReadyReason = 'Ready' | 'NoPlan' | 'LimitRangeConflict' | 'QuotaConflict';

interface Hindrance {
  readonly reason: ReadyReason;
  readonly message: string;
}

/** The condition as it should be now; the given one, unchanged, where it already says so. `now` is UTC ISO. */
export function readyCondition(
  project: DbtProject,
  ranges: readonly LimitRange[],
  quotas: readonly ResourceQuota[],
  now: string,
): Condition {
  const hindrances = [
    ...noPlan(project),
    ...conflict('LimitRangeConflict', limitRangeConflicts(project, ranges)),
    ...conflict('QuotaConflict', quotaConflicts(project, quotas, ranges)),
  ];
  const before = project.status.conditions.find((condition) => condition.type === 'Ready');
  const status = hindrances.length === 0 ? 'True' : 'False';
  return {
    type: 'Ready',
    status,
    ...(project.metadata.generation !== undefined && { observedGeneration: project.metadata.generation }),
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
    reason: hindrances[0]?.reason ?? 'Ready',
    message: hindrances.map((one) => one.message).join('; ') || inForceWords(project),
  };
}

function conflict(reason: ReadyReason, sentences: readonly string[]): Hindrance[] {
  const advice =
    reason === 'QuotaConflict'
      ? 'raise the quota or change spec.resources'
      : 'change the LimitRange or spec.resources';
  return sentences.length === 0 ? [] : [{ reason, message: `${sentences.join('; ')}: ${advice}` }];
}

function noPlan(project: DbtProject): Hindrance[] {
  if (planInForce(project) !== undefined) return [];
  const candidate = nextCandidate(project);
  const failed = project.status.plans.filter((plan) => plan.phase === 'Failed').at(-1);
  const next = 'make one with "kubectl dbt plan"';
  const message =
    candidate !== undefined
      ? `no plan is in force yet: plan "${candidate.id}" is being tried${candidate.jobName ? ` by Job "${candidate.jobName}"` : ''}`
      : failed !== undefined
        ? `no plan is in force: plan "${failed.id}" failed (${failed.message ?? 'no message'}); ${next}`
        : `no plan is in force: ${next}`;
  return [{ reason: 'NoPlan', message }];
}

function planInForce(project: DbtProject): Plan | undefined {
  return project.status.plans.find((plan) => plan.id === project.status.plan);
}

function inForceWords(project: DbtProject): string {
  const plan = planInForce(project);
  return plan === undefined
    ? ''
    : `plan "${plan.id}" is in force: commit ${plan.commit.slice(0, 8)}, image ${plan.image}`;
}
