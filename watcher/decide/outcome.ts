import { annotations, containers } from '../../contract/names.ts';
import { type Outcome, type OutcomeReason, outcomeReasons } from '../../contract/outcome.ts';
import { endOf } from '../kube/job.ts';
import { dbtContainerOf, endOfContainer, hasStarted, type Pod, statusOf } from '../kube/pod.ts';
import { abandonedWords, dbtDetail, endWords, initWords } from './words.ts';
import { dbtStarted, decidingAttempt, failedInitContainer, isOver, type RunFacts } from './run-facts.ts';
import { disruption } from './disruption.ts';
import { startCause, waitedForNode } from './start-cause.ts';

/**
 * The verdict, by the first rule that speaks:
 *  1. succeeded: the Job is Complete (the bare Pod Succeeded) and dbt's exit code is 0;
 *  2. cancelled: the run carries who cancelled it, and was deleted or ended by its deadline;
 *  3. deleted before its end;
 *  4. the node: evicted, preempted, rejected, lost;
 *  5. never started: dbt did not run in the deciding attempt, and the cause is known; or no node took the pod in time;
 *  6. deadline;
 *  7. an init container failed: dbt never ran;
 *  8. out of memory;
 *  9. dbt's exit code, any but 0;
 * 10. another container failed beside a dbt that succeeded;
 * 11. unknown.
 * A failed attempt is no failure: only the end of the Job is. Reason, message, container and exit code of one outcome
 * come from one rule, so they speak of one container.
 */
const rules: readonly ((facts: RunFacts, end: Ended) => Outcome | undefined)[] = [
  succeeded,
  cancelled,
  deleted,
  disrupted,
  neverStarted,
  deadline,
  initFailed,
  outOfMemory,
  dbtFailed,
  otherContainerFailed,
  unknown,
];

interface Ended {
  readonly pod: Pod | undefined;
  readonly dbt: string | undefined;
  readonly exitCode: number | undefined;
}

/** Undefined while the run is not over. */
export function decideOutcome(facts: RunFacts): Outcome | undefined {
  if (!isOver(facts)) return undefined;
  const pod = decidingAttempt(facts);
  const dbt = pod && dbtContainerOf(pod);
  const exitCode = pod && endOfContainer(statusOf(pod, dbt))?.exitCode;
  for (const rule of rules) {
    const outcome = rule(facts, { pod, dbt, exitCode });
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/** The outcome of a run that is ended because dbt cannot start; undefined where the cause is none of the list. */
export function decideStartTimeout(facts: RunFacts, startTimeoutSeconds: number): Outcome | undefined {
  const cause = startCause(facts);
  if (cause === undefined) return undefined;
  const message = `dbt did not start within ${startTimeoutSeconds} s: ${cause.message}`;
  return verdict(cause.reason, message, cause.container);
}

function verdict(
  reason: OutcomeReason,
  message: string,
  container?: string,
  exitCode?: number,
  facts?: RunFacts,
): Outcome {
  const dbt = facts?.dbtLog?.summary;
  return {
    result: outcomeReasons[reason].result,
    reason,
    message,
    ...(container !== undefined && { container }),
    ...(exitCode !== undefined && { exitCode }),
    ...(dbt && { dbt }),
  };
}

function succeeded(facts: RunFacts, { dbt, exitCode }: Ended): Outcome | undefined {
  const complete =
    facts.run.kind === 'Job' ? endOf(facts.run)?.type === 'Complete' : facts.run.status.phase === 'Succeeded';
  if (!complete || exitCode !== 0) return undefined;
  return verdict('DbtSucceeded', dbtDetail(facts) ?? 'dbt succeeded', dbt, exitCode, facts);
}

function cancelled(facts: RunFacts, { dbt, exitCode }: Ended): Outcome | undefined {
  const by = facts.run.metadata.annotations[annotations.cancelledBy];
  if (by === undefined || !(facts.gone || metDeadline(facts))) return undefined;
  return verdict('Cancelled', `cancelled by ${by}${abandonedWords(facts)}`, dbt, exitCode, facts);
}

function deleted(facts: RunFacts, { pod, dbt, exitCode }: Ended): Outcome | undefined {
  if (!wasDeleted(facts, pod)) return undefined;
  return verdict('JobDeleted', `the ${facts.run.kind} was deleted before it ended`, dbt, exitCode, facts);
}

function wasDeleted(facts: RunFacts, pod: Pod | undefined): boolean {
  if (facts.run.kind === 'Job') return facts.gone && endOf(facts.run) === undefined;
  if (pod === undefined || disruption(pod) !== undefined) return false;
  const end = endOfContainer(statusOf(pod, dbtContainerOf(pod)));
  if (end === undefined) return facts.gone;
  // The API server writes when the grace period will be over, not when the deletion was asked for.
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (!deletionTimestamp) return false;
  const askedAt = Date.parse(deletionTimestamp) - (deletionGracePeriodSeconds ?? 0) * 1000;
  return end.exitCode !== 0 && Date.parse(end.finishedAt ?? '') >= askedAt;
}

function neverStarted(facts: RunFacts, { pod, dbt }: Ended): Outcome | undefined {
  if (pod !== undefined && (hasStarted(statusOf(pod, dbt)) || failedInitContainer(pod) !== undefined))
    return undefined;
  const cause = startCause(facts) ?? (metDeadline(facts) ? waitedForNode(pod) : undefined);
  return cause && verdict(cause.reason, `dbt did not start: ${cause.message}`, cause.container);
}

function deadline(facts: RunFacts, { pod, dbt }: Ended): Outcome | undefined {
  if (!metDeadline(facts)) return undefined;
  const seconds = facts.run.spec.activeDeadlineSeconds;
  const active = pod && (activeInitContainer(pod) ?? (dbtStarted(pod) ? dbt : undefined));
  const exitCode = pod && endOfContainer(statusOf(pod, active))?.exitCode;
  const limit = seconds === null || seconds === undefined ? 'its deadline' : `${seconds} s`;
  const where = active === undefined ? '; dbt had not started' : `; container "${active}" was at work`;
  const detail = active === dbt ? dbtDetail(facts) : undefined;
  const message = `the run took longer than ${limit}${where}${detail ? `: ${detail}` : ''}`;
  return verdict('DeadlineExceeded', message, active, exitCode, facts);
}

function metDeadline(facts: RunFacts): boolean {
  return facts.run.kind === 'Job'
    ? endOf(facts.run)?.reason === 'DeadlineExceeded'
    : facts.run.status.reason === 'DeadlineExceeded';
}

/** The init container that was running while dbt had not begun. */
function activeInitContainer(pod: Pod): string | undefined {
  if (hasStarted(statusOf(pod, dbtContainerOf(pod)))) return undefined;
  return pod.status.initContainerStatuses.find(
    (status) => hasStarted(status) && endOfContainer(status)?.exitCode !== 0,
  )?.name;
}

function disrupted(facts: RunFacts, { pod, dbt, exitCode }: Ended): Outcome | undefined {
  const found = pod && disruption(pod);
  return found && verdict(found.reason, found.message, dbt, exitCode, facts);
}

function initFailed(facts: RunFacts, { pod }: Ended): Outcome | undefined {
  const name = pod && failedInitContainer(pod);
  const end = pod && endOfContainer(statusOf(pod, name));
  if (name === undefined || end === undefined) return undefined;
  // Only the packages container has the project's memory limit, which the next step of OOMKilled speaks of.
  const reason: OutcomeReason =
    name === containers.gitSync
      ? 'GitSyncFailed'
      : name !== containers.packages
        ? 'ContainerFailed'
        : end.reason === 'OOMKilled'
          ? 'OOMKilled'
          : 'PackagesFailed';
  return verdict(reason, initWords(name, end, facts.initLog), name, end.exitCode);
}

function outOfMemory(facts: RunFacts, { pod, dbt }: Ended): Outcome | undefined {
  const end = pod && endOfContainer(statusOf(pod, dbt));
  if (end?.reason !== 'OOMKilled') return undefined;
  const detail = dbtDetail(facts);
  const message = `container "${dbt}" was killed: it used more memory than its limit${detail ? `; ${detail}` : ''}`;
  return verdict('OOMKilled', message, dbt, end.exitCode, facts);
}

function dbtFailed(facts: RunFacts, { pod, dbt }: Ended): Outcome | undefined {
  const end = pod && endOfContainer(statusOf(pod, dbt));
  if (dbt === undefined || end === undefined || end.exitCode === 0) return undefined;
  const reasons: Readonly<Record<number, OutcomeReason>> = { 1: 'DbtHandledError', 2: 'DbtUnhandledError' };
  const detail = dbtDetail(facts) ?? facts.dbtLog?.error ?? facts.dbtLog?.lastLine;
  const message = `${endWords(dbt, end)}${detail ? `: ${detail}` : ''}`;
  return verdict(reasons[end.exitCode] ?? 'ContainerFailed', message, dbt, end.exitCode, facts);
}

function otherContainerFailed(facts: RunFacts, { pod, dbt, exitCode }: Ended): Outcome | undefined {
  if (pod === undefined || exitCode !== 0) return undefined;
  const other = pod.status.containerStatuses.find(
    (status) => status.name !== dbt && (endOfContainer(status)?.exitCode ?? 0) !== 0,
  );
  const end = endOfContainer(other);
  if (other === undefined || end === undefined) return undefined;
  const message = `${endWords(other.name, end)}, beside a dbt that ended with exit code 0`;
  return verdict('ContainerFailed', message, other.name, end.exitCode, facts);
}

function unknown(facts: RunFacts, { dbt, exitCode }: Ended): Outcome {
  const end = facts.run.kind === 'Job' ? endOf(facts.run) : undefined;
  const said = end === undefined ? '' : `the Job is ${end.type}${end.reason ? ` (${end.reason})` : ''}, `;
  const why =
    exitCode === undefined ? 'how dbt ended is not known' : `although dbt ended with exit code ${exitCode}`;
  return verdict('Unknown', `${said}${why}: no pod of the run tells`, dbt, exitCode, facts);
}
