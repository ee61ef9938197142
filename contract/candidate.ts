import { z } from 'zod';
import type { DbtProject, Plan } from './dbt-project.ts';

/** What whoever makes a plan asks for (C9): an image, and the commit it was built from, under an id. */
export interface Candidate {
  readonly id: string;
  readonly image: string;
  readonly commit: string;
  /** UTC, RFC 3339 in whole seconds. */
  readonly createdAt: string;
  readonly createdBy?: string;
}

/** What is to be done about a candidate, given the entries that are there. */
export type Step =
  | { readonly kind: 'add'; readonly dropped: readonly Plan[] }
  /** The entry is there, with the same image and commit. */
  | { readonly kind: 'present'; readonly plan: Plan }
  /** The id is taken by another image or commit. */
  | { readonly kind: 'taken'; readonly plan: Plan };

/** maxItems of status.plans in the CRD. */
export const mostPlans = 20;

/**
 * The same image and commit give the same id: a pipeline that runs again finds its plan made. `imageHash` is the SHA-256 of
 * the image as it is written, in hex.
 */
export function planId(commit: string, imageHash: string): string {
  return `${commit.slice(0, 12)}-${imageHash.slice(0, 6)}`;
}

export function nextStep(project: DbtProject, candidate: Pick<Candidate, 'id' | 'image' | 'commit'>): Step {
  const plan = project.status.plans.find((entry) => entry.id === candidate.id);
  if (plan === undefined) return { kind: 'add', dropped: surplus(project) };
  const same = plan.image === candidate.image && plan.commit === candidate.commit;
  return { kind: same ? 'present' : 'taken', plan };
}

/**
 * The entries that make room for one more. Never the one in force; one that is being tried only where nothing else is
 * left; else the oldest.
 */
function surplus(project: DbtProject): readonly Plan[] {
  const { plan: inForce, plans } = project.status;
  const excess = plans.length + 1 - mostPlans;
  if (excess <= 0) return [];
  const tried = (plan: Plan) => (plan.phase === 'Candidate' ? 1 : 0);
  return plans
    .filter((plan) => plan.id !== inForce)
    .toSorted((a, b) => tried(a) - tried(b) || Date.parse(a.createdAt) - Date.parse(b.createdAt))
    .slice(0, excess);
}

const carrier = z.looseObject({
  status: z
    .looseObject({ plans: z.array(z.looseObject({ id: z.string() })).default([]) })
    .default({ plans: [] }),
});

/** The object as it came, whatever else it holds, with the candidate as last entry. Its resourceVersion guards the write. */
export function withCandidate(value: unknown, candidate: Candidate, dropped: readonly Plan[]): object {
  const project = carrier.parse(value);
  const gone = new Set(dropped.map((plan) => plan.id));
  const plans = project.status.plans.filter((plan) => !gone.has(plan.id));
  return {
    ...project,
    status: { ...project.status, plans: [...plans, { ...candidate, phase: 'Candidate' }] },
  };
}

/** The id with the first number behind it that is not taken: a failed plan stays failed, so a second try needs one. */
export function unusedId(project: DbtProject, id: string): string {
  const taken = new Set(project.status.plans.map((plan) => plan.id));
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const next = `${id.slice(0, 63 - suffix.length).replace(/-+$/, '')}${suffix}`;
    if (!taken.has(next)) return next;
  }
}
