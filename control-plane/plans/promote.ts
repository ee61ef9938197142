import { z } from 'zod';
import type { DbtProject } from '../../contract/dbt-project.ts';
import { conflict, notFound } from '../api/refusal.ts';
import { type Changed, changeStatus, type StatusShell } from './change-status.ts';

/** Everything that it holds, also what this version does not know. */
const carrier = z.looseObject({ status: z.looseObject({}) });

/**
 * Rolls back, or forth, to a plan that was promoted before: it is in force from the next run on (C9). Throws a Refusal of 404
 * and 409, and KubeError.
 */
export async function promote(shell: StatusShell, id: string): Promise<Changed> {
  return await changeStatus(shell, (object, project) => {
    if (project.status.plan === id) return undefined;
    refuseUnfit(project, id);
    const whole = carrier.parse(object);
    return { ...whole, status: { ...whole.status, plan: id } };
  });
}

function refuseUnfit({ metadata, status }: DbtProject, id: string): void {
  const plan = status.plans.find((entry) => entry.id === id);
  if (plan === undefined)
    throw notFound(`Plan ${id}, or the cluster no longer keeps it: project ${metadata.name}`);
  if (plan.phase === 'Failed')
    throw conflict(`Plan ${id} failed`, 'Make a new plan of its image and commit, or promote another.');
  if (plan.phase === 'Candidate')
    throw conflict(`Plan ${id} is still being tried`, 'It is promoted by itself when its trial succeeds.');
}
