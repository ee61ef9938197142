import { createHash } from 'node:crypto';
import { nextStep, planId, unusedId, withCandidate } from '../../contract/candidate.ts';
import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import type { NewPlan } from '../wire/plan.ts';
import { changeStatus, type StatusShell } from './change-status.ts';

export interface Added {
  readonly project: DbtProject;
  readonly plan: Plan;
  /** False: the plan was there. */
  readonly isNew: boolean;
}

/** Length of createdBy in the CRD. */
const longestName = 253;

/**
 * Writes the Candidate that the watcher tries (C9), as the user. The same image and commit again give the plan that is there,
 * so that a pipeline may repeat itself; after a failure, which stays one, they give another try. Throws Refusal and KubeError.
 */
export async function addCandidate(
  shell: StatusShell & { now(): number },
  asked: NewPlan,
  user: string,
): Promise<Added> {
  const project = await changeStatus(shell, (object, found) => {
    if (present(found, asked) !== undefined) return undefined;
    const candidate = {
      id: freeId(found, asked),
      image: asked.image,
      commit: asked.commit,
      createdAt: new Date(shell.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      createdBy: user.slice(0, longestName),
    };
    const step = nextStep(found, candidate);
    return withCandidate(object, candidate, step.kind === 'add' ? step.dropped : []);
  });
  const plan = present(project.after, asked);
  if (plan === undefined) throw new Error('the API server kept no candidate that it took');
  return { project: project.after, plan, isNew: project.changed };
}

/** The newest that is not failed. */
function present(project: DbtProject, { image, commit }: NewPlan): Plan | undefined {
  return project.status.plans.findLast(
    (plan) => plan.image === image && plan.commit === commit && plan.phase !== 'Failed',
  );
}

function freeId(project: DbtProject, { image, commit }: NewPlan): string {
  const id = planId(commit, createHash('sha256').update(image).digest('hex'));
  return project.status.plans.some((plan) => plan.id === id) ? unusedId(project, id) : id;
}
