import { z } from 'zod';
import { planImage } from '../contract/names.ts';
import { nextStep, unusedId, withCandidate, type Candidate } from '../contract/candidate.ts';
import type { DbtProject, Plan } from '../contract/dbt-project.ts';
import { Refused, readJson, type Cluster, type Send } from './api-server.ts';
import type { PlanArguments } from './parse-arguments.ts';
import { containersToRead, readableLines, type Attempt } from './plan-attempt.ts';
import { projectPath, readProject, type Place } from './project.ts';
import { printable, rows, type Clock, type Terminal } from './terminal.ts';
import { attemptOf, awaitVerdict } from './verdict.ts';

export interface Shell {
  readonly cluster: Cluster;
  readonly terminal: Terminal;
  readonly clock: Clock;
}

/** 0 done, 1 failed or refused, 3 no verdict. */
type ExitCode = 0 | 1 | 3;

/** Other writers of status.plans are the watcher and pipelines: a few rounds are enough. */
const writeAttempts = 8;
const logLines = 20;

/** Adds the candidate, and follows it if asked to. Throws Refused and Unreachable. */
export async function plan(shell: Shell, asked: PlanArguments): Promise<ExitCode> {
  const { cluster, terminal } = shell;
  const place = { namespace: asked.connection.namespace ?? cluster.namespace, name: asked.project };
  terminal.line(`DbtProject ${place.name} in namespace ${place.namespace}`);
  terminal.line(
    rows([
      ['plan', asked.id],
      ['image', asked.image],
      ['commit', asked.commit],
    ]),
  );
  const { project, entry } = await add(shell, place, asked);
  if (entry === 'taken') return 1;
  if (entry?.phase === 'Promoted') return promoted(terminal, project, entry, 'is promoted already');
  if (entry?.phase === 'Failed') {
    const attempt = await attemptOf(cluster.send, place.namespace, entry);
    return failed(shell, place, project, entry, attempt === 'hidden' ? undefined : attempt);
  }
  if (asked.waitMs === undefined) {
    terminal.line(`\n${entry === undefined ? 'Added' : 'It is there already'}: the watcher tries it.`);
    terminal.line('Next: the same command with --wait follows it to its verdict.');
    return 0;
  }
  return follow(shell, place, asked.id, asked.waitMs);
}

interface Added {
  readonly project: DbtProject;
  /** The entry that was there; undefined: it was added. */
  readonly entry: Plan | 'taken' | undefined;
}

async function add(shell: Shell, place: Place, asked: PlanArguments): Promise<Added> {
  const { send } = shell.cluster;
  const createdBy = await whoAmI(send);
  for (let attempt = 1; ; attempt++) {
    const { value, project } = await readProject(send, place);
    const step = nextStep(project, asked);
    if (step.kind === 'present') return { project, entry: step.plan };
    if (step.kind === 'taken') {
      taken(shell.terminal, project, step.plan);
      return { project, entry: 'taken' };
    }
    const { id, image, commit } = asked;
    const createdAt = new Date(shell.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const candidate: Candidate = {
      id,
      image,
      commit,
      createdAt,
      ...(createdBy === undefined ? {} : { createdBy }),
    };
    try {
      const body = withCandidate(value, candidate, step.dropped);
      await readJson(send, {
        method: 'PUT',
        path: `${projectPath(place)}/status`,
        query: { fieldManager: 'kubectl-dbt' },
        body,
      });
      for (const { id: gone } of step.dropped) shell.terminal.line(`Dropped plan ${gone}, to make room.`);
      return { project, entry: undefined };
    } catch (error) {
      const conflict = error instanceof Refused && error.code === 409;
      if (!conflict || attempt === writeAttempts) throw error;
    }
  }
}

const selfSubjectReview = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });

/** Undefined where the cluster does not let one ask: who made the plan is good to know, and no reason not to make it. */
async function whoAmI(send: Send): Promise<string | undefined> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  try {
    const { value } = await readJson(send, { method: 'POST', path, body });
    const parsed = selfSubjectReview.safeParse(value);
    return parsed.success ? parsed.data.status.userInfo.username.slice(0, 253) : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

async function follow(shell: Shell, place: Place, id: string, waitMs: number): Promise<ExitCode> {
  const { terminal, clock } = shell;
  terminal.line('');
  const verdict = await awaitVerdict({ send: shell.cluster.send, terminal, clock }, place, id, waitMs);
  switch (verdict.kind) {
    case 'gone':
      terminal.problem(`Plan ${id} is no longer in status.plans: somebody removed it.`);
      terminal.problem('Next: make the plan again.');
      return 1;
    case 'timeout':
      terminal.problem(`No verdict after ${Math.round(waitMs / 1000)} s; last seen: ${verdict.lastSeen}`);
      terminal.problem(
        `Next: the same command again goes on waiting; kubectl describe dbtproject ${place.name} tells more.`,
      );
      return 3;
    case 'decided':
      return verdict.plan.phase === 'Promoted'
        ? promoted(terminal, verdict.project, verdict.plan, 'is promoted')
        : failed(shell, place, verdict.project, verdict.plan, verdict.attempt);
  }
}

function promoted(terminal: Terminal, project: DbtProject, entry: Plan, how: string): ExitCode {
  const inForce = project.status.plan === entry.id;
  terminal.line(`\nPlan ${entry.id} ${how}${inForce ? ' and in force' : ''}.`);
  terminal.line(
    rows([
      ['image', entry.image],
      ['commit', entry.commit],
    ]),
  );
  terminal.line(
    inForce
      ? `\nNext: create a Job whose pod has the label of the project and image ${planImage}.`
      : `\nNext: nothing; the plan in force is ${project.status.plan ?? 'none'}.`,
  );
  return 0;
}

async function failed(
  shell: Shell,
  place: Place,
  project: DbtProject,
  entry: Plan,
  attempt: Attempt | undefined,
): Promise<ExitCode> {
  const { terminal } = shell;
  terminal.problem(`\nPlan ${entry.id} failed: ${printable(entry.message ?? 'the watcher gave no message')}`);
  for (const container of attempt === undefined ? [] : containersToRead(attempt)) {
    const lines = await lastLines(shell.cluster.send, place.namespace, attempt?.pod ?? '', container);
    terminal.problem(`\n  ${container}, last lines:`);
    for (const line of lines) terminal.problem(`    ${line}`);
  }
  terminal.problem(`\nThe plan in force stays: ${project.status.plan ?? 'none'}.`);
  terminal.problem(
    `Next: correct the cause; for the same image and commit, plan again with --id ${unusedId(project, entry.id)}`,
  );
  return 1;
}

/** What can be had of it: the pod may be gone, or not for this reader. */
async function lastLines(
  send: Send,
  namespace: string,
  pod: string,
  container: string,
): Promise<readonly string[]> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const answer = await send({ method: 'GET', path, query: { container, tailLines: String(logLines) } });
  if (answer.code >= 300) return [`(the log cannot be read: HTTP ${answer.code})`];
  return readableLines(answer.text);
}

function taken(terminal: Terminal, project: DbtProject, entry: Plan): void {
  terminal.problem(`\nPlan ${entry.id} is there already, and a plan keeps its image and commit:`);
  terminal.problem(
    rows([
      ['image', entry.image],
      ['commit', entry.commit],
      ['phase', entry.phase],
    ]),
  );
  terminal.problem(`Next: choose another id, for example --id ${unusedId(project, entry.id)}`);
}
