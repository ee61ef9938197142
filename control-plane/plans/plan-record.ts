import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import type { PlanRecord } from '../store/store.ts';
import type { WirePlan } from '../wire/plan.ts';

/** The entries of a project's status, as the history keeps them. */
export function recordsOf({ metadata, status }: DbtProject): readonly PlanRecord[] {
  const { namespace, name: project } = metadata;
  return status.plans.map((plan) => ({ namespace, project, ...known(plan) }));
}

/** What a plan says, with instants as the store and the wire write them. */
function known(plan: Plan) {
  return {
    id: plan.id,
    image: plan.image,
    commit: plan.commit,
    phase: plan.phase,
    createdAt: instant(plan.createdAt),
    ...(plan.createdBy !== undefined && { createdBy: plan.createdBy }),
    ...(plan.finishedAt !== undefined && { finishedAt: instant(plan.finishedAt) }),
    ...(plan.message !== undefined && { message: plan.message }),
    ...(plan.jobUID !== undefined && { run: plan.jobUID }),
  };
}

export function wirePlan(plan: Plan, inForce: string | undefined): WirePlan {
  return { ...known(plan), inForce: plan.id === inForce, selectable: true };
}

/** What Kubernetes has, and behind it what only the history remembers; the newest first. */
export function joinedPlans({ status }: DbtProject, history: readonly PlanRecord[]): readonly WirePlan[] {
  const kept = new Set(status.plans.map(({ id }) => id));
  const gone = history
    .filter(({ id }) => !kept.has(id))
    .map((plan) => ({ ...plan, inForce: false, selectable: false }));
  return [...status.plans.map((plan) => wirePlan(plan, status.plan)), ...gone].toSorted(
    (one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt),
  );
}

/** The API server writes whole seconds or fractions with any offset. */
function instant(text: string): string {
  return new Date(text).toISOString();
}
