import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { apiVersion, kind } from '../contract/names.ts';
import type { DbtProject, Plan } from '../contract/dbt-project.ts';
import type { Outcome } from '../contract/outcome.ts';
import { nextCandidate, type PlanJobSeen, planStep, type PlanStep, withPlan } from './decide/plan.ts';
import { foreignFields, planJob } from './decide/plan-job.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import { endOf, type Job, parseJob } from './kube/job.ts';
import { controllerOf } from './kube/metadata.ts';
import { changeStatus, readProject } from './project-status.ts';
import { annotatedOutcome } from './report/annotation.ts';
import { type Note, writeEvent } from './report/event.ts';
import { cut } from './report/shown.ts';

export interface PlansShell {
  readonly client: KubeClient;
  readonly log: Logger;
  readonly reportingInstance: string;
  now(): number;
  /** Once for each plan, when its phase is written. */
  onPlanEnded(project: DbtProject, phase: 'Promoted' | 'Failed'): void;
}

const messageBytes = 1024;

/** Deterministic, so that a watcher which died between making the Job and recording it finds it again. */
export function planJobName(project: DbtProject, plan: Plan): string {
  return `dbt-plan-${createHash('sha256').update(`${project.metadata.uid}/${plan.id}`).digest('hex').slice(0, 10)}`;
}

/** Takes the Candidates of the project as far as they go now. The end of a plan's Job asks for it again. */
export async function reconcilePlans(shell: PlansShell, namespace: string, name: string): Promise<void> {
  for (;;) {
    const project = await readProject(shell.client, namespace, name);
    const plan = project && nextCandidate(project);
    if (project === undefined || plan === undefined) return;
    const jobName = plan.jobName ?? planJobName(project, plan);
    const step = planStep(project, plan, jobName, await seeJob(shell.client, project, plan, jobName));
    if (step.do === 'wait') return;
    await take(shell, project, plan, jobName, step);
  }
}

async function seeJob(
  client: KubeClient,
  project: DbtProject,
  plan: Plan,
  jobName: string,
): Promise<PlanJobSeen> {
  try {
    const raw = await client.request({ path: `${jobsPath(project)}/${jobName}` });
    const job = parseJob(raw);
    const outcome = provenOutcome(job);
    return {
      is: 'present',
      uid: job.metadata.uid,
      controller: controllerOf(job)?.uid,
      foreign: foreignFields(planJob(project, plan, jobName), raw),
      ...(outcome && { outcome }),
    };
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return { is: 'absent' };
    throw error;
  }
}

/** Who may annotate a Job must not promote a plan by it: success counts of a Job that is Complete. */
function provenOutcome(job: Job): Outcome | undefined {
  const outcome = annotatedOutcome(job);
  return outcome?.result === 'succeeded' && endOf(job)?.type !== 'Complete' ? undefined : outcome;
}

function jobsPath(project: DbtProject): string {
  return `/apis/batch/v1/namespaces/${project.metadata.namespace}/jobs`;
}

async function take(
  shell: PlansShell,
  project: DbtProject,
  plan: Plan,
  jobName: string,
  step: Exclude<PlanStep, { do: 'wait' }>,
): Promise<void> {
  switch (step.do) {
    case 'create':
      return record(shell, project, plan, jobName, await createJob(shell, project, plan, jobName));
    case 'record':
      return record(shell, project, plan, jobName, step.jobUID);
    case 'promote':
      return end(shell, project, plan, { phase: 'Promoted' });
    case 'fail':
      return end(shell, project, plan, { phase: 'Failed', message: cut(step.message, messageBytes) });
  }
}

const made = z.object({ metadata: z.object({ uid: z.string() }) });

async function createJob(
  shell: PlansShell,
  project: DbtProject,
  plan: Plan,
  jobName: string,
): Promise<string> {
  const body = planJob(project, plan, jobName);
  const answer = await shell.client.request({ method: 'POST', path: jobsPath(project), body });
  shell.log.info({ ...identity(project), plan: plan.id, job: jobName }, 'Created the Job of a plan');
  return made.parse(answer).metadata.uid;
}

async function record(
  shell: PlansShell,
  project: DbtProject,
  plan: Plan,
  jobName: string,
  jobUID: string,
): Promise<void> {
  await changeStatus(shell.client, project, ({ status }) => {
    const current = status.plans.find((one) => one.id === plan.id);
    if (current?.phase !== 'Candidate' || current.jobUID !== undefined) return undefined;
    return { plans: withPlan(status.plans, { ...current, jobName, jobUID }, status.plan) };
  });
}

async function end(
  shell: PlansShell,
  project: DbtProject,
  plan: Plan,
  ending: { readonly phase: 'Promoted' | 'Failed'; readonly message?: string },
): Promise<void> {
  const at = new Date(shell.now());
  const written = await changeStatus(shell.client, project, ({ status }) => {
    const current = status.plans.find((one) => one.id === plan.id);
    if (current?.phase !== 'Candidate' || current.jobUID !== plan.jobUID) return undefined;
    const inForce = ending.phase === 'Promoted' ? plan.id : status.plan;
    const ended = { ...current, ...ending, finishedAt: seconds(at) };
    return {
      plans: withPlan(status.plans, ended, inForce),
      ...(inForce !== undefined && { plan: inForce }),
    };
  });
  if (!written) return;
  shell.onPlanEnded(project, ending.phase);
  shell.log.info({ ...identity(project), plan: plan.id, phase: ending.phase }, 'Ended a plan');
  await tell(shell, project, plan, ending, at);
}

/** CRD dates are RFC 3339; the fraction of a second is of no use to a reader. */
function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

async function tell(
  shell: PlansShell,
  project: DbtProject,
  plan: Plan,
  ending: { readonly phase: 'Promoted' | 'Failed'; readonly message?: string },
  at: Date,
): Promise<void> {
  const promoted = ending.phase === 'Promoted';
  const event: Note = {
    type: promoted ? 'Normal' : 'Warning',
    reason: promoted ? 'PlanPromoted' : 'PlanFailed',
    action: 'TryPlan',
    note: promoted
      ? `plan "${plan.id}" is in force: commit ${plan.commit.slice(0, 8)}, image ${plan.image}`
      : `plan "${plan.id}" failed, the plan before it stays in force: ${ending.message ?? ''}`,
    topic: `plan/${plan.id}`,
  };
  const { namespace, name, uid } = project.metadata;
  try {
    await writeEvent(
      shell.client,
      { apiVersion, kind, namespace, name, uid },
      event,
      at,
      shell.reportingInstance,
    );
  } catch (error) {
    // The status already says it; the Event only calls attention to it.
    shell.log.warn({ ...identity(project), err: error }, 'Could not write the Event of a plan');
  }
}

function identity(project: DbtProject) {
  return { namespace: project.metadata.namespace, project: project.metadata.name };
}
