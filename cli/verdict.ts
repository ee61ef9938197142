import type { DbtProject, Plan } from '../contract/dbt-project.ts';
import { Refused, Unreachable, readJson, type Send } from './api-server.ts';
import { parseAttempt, progress, type Attempt } from './plan-attempt.ts';
import { readProject, type Place } from './project.ts';
import type { Clock, Terminal } from './terminal.ts';

/** What waiting for a plan ended with. */
export type Verdict =
  | {
      readonly kind: 'decided';
      readonly project: DbtProject;
      readonly plan: Plan;
      readonly attempt: Attempt | undefined;
    }
  /** Somebody removed the entry. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'timeout'; readonly lastSeen: string };

const firstPauseMs = 500;
/** A plan takes tens of seconds; a person should not wait for more than this after its end. */
const longestPauseMs = 5_000;

/**
 * Polls until the plan is no longer a Candidate, and tells each change. It needs nothing but `get` on the project; the
 * pod is shown to those who may see it. A server that is away for a while is asked again until the time is over.
 */
export async function awaitVerdict(
  { send, terminal, clock }: { readonly send: Send; readonly terminal: Terminal; readonly clock: Clock },
  place: Place,
  id: string,
  waitMs: number,
): Promise<Verdict> {
  const startedAt = clock.now();
  let lastSeen = '';
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const seen = await look(send, place, id);
    if (typeof seen !== 'string') return seen;
    if (seen !== lastSeen) {
      terminal.line(`  ${elapsed(clock.now() - startedAt)}  ${seen}`);
      lastSeen = seen;
      pauseMs = firstPauseMs;
    }
    const leftMs = startedAt + waitMs - clock.now();
    if (leftMs <= 0) return { kind: 'timeout', lastSeen };
    await clock.pause(Math.min(pauseMs, leftMs));
  }
}

function elapsed(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`.padStart(7);
}

async function look(send: Send, place: Place, id: string): Promise<Verdict | string> {
  try {
    const { project } = await readProject(send, place);
    const plan = project.status.plans.find((entry) => entry.id === id);
    if (plan === undefined) return { kind: 'gone' };
    const attempt = await attemptOf(send, place.namespace, plan);
    return plan.phase === 'Candidate'
      ? progress(plan.jobName, attempt)
      : { kind: 'decided', project, plan, attempt: attempt === 'hidden' ? undefined : attempt };
  } catch (error) {
    if (!isPassing(error)) throw error;
    return `trying again: ${error.message}`;
  }
}

function isPassing(error: unknown): error is Error {
  if (error instanceof Unreachable) return true;
  return error instanceof Refused && (error.code === 429 || error.code >= 500);
}

/** Undefined where there is none, hidden from those who may not see pods. */
export async function attemptOf(
  send: Send,
  namespace: string,
  plan: Plan,
): Promise<Attempt | 'hidden' | undefined> {
  if (plan.jobName === undefined) return undefined;
  try {
    const labelSelector = `batch.kubernetes.io/job-name=${plan.jobName}`;
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const { value } = await readJson(send, { method: 'GET', path, query: { labelSelector } });
    return parseAttempt(value);
  } catch (error) {
    if (error instanceof Refused && error.code === 403) return 'hidden';
    throw error;
  }
}
