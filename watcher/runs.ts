import type { Logger } from 'pino';
import { labels } from '../contract/names.ts';
import type { Outcome } from '../contract/outcome.ts';
import { decideOutcome, decideStartTimeout } from './decide/outcome.ts';
import { isOver } from './decide/run-facts.ts';
import { startClock } from './decide/start-clock.ts';
import { gather, knownFacts } from './gather.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import type { Job } from './kube/job.ts';
import type { Pod } from './kube/pod.ts';
import { annotatedOutcome, annotateOutcome, type Ending } from './report/annotation.ts';
import { outcomeNote, writeEvent } from './report/event.ts';
import { shownOutcome } from './report/shown.ts';
import type { KnownRun, RunIndex } from './run-index.ts';

export interface RunsShell {
  readonly client: KubeClient;
  readonly index: RunIndex;
  readonly log: Logger;
  readonly reportingInstance: string;
  now(): number;
  /** spec.startTimeoutSeconds of the project, its default where there is no such project. */
  startTimeoutSeconds(namespace: string, project: string): number;
  /** Once for each run, when its outcome is written. */
  onReported(run: Job | Pod, outcome: Outcome): void;
  /** Each time a run with an outcome is seen. */
  onKnown(run: Job | Pod, outcome: Outcome): void;
}

/**
 * The longest to wait before looking again at a run that has not started: its project may be seen after it, or be given
 * another time, and what keeps it from starting may become a cause of the list.
 */
const lookAgainMs = 60_000;

/** The project label of a run; of a Job, its pod template's (C1). */
export function projectOf(run: Job | Pod): string {
  return (
    (run.kind === 'Job' ? run.spec.template.metadata.project : run.metadata.labels[labels.project]) ?? ''
  );
}

/** Looks at one run and reports it where it is over or cannot start; the answer is when to look again. */
export async function reconcileRun(shell: RunsShell, uid: string): Promise<number | undefined> {
  const known = shell.index.get(uid);
  if (known === undefined) return undefined;
  const told = annotatedOutcome(known.run);
  if (told !== undefined) {
    shell.onKnown(known.run, told);
    if (known.gone) shell.index.forget(uid);
    return undefined;
  }
  if (!isOver(knownFacts(known))) return awaitStart(shell, known);
  const facts = await gather(troubled(shell, known), known);
  const outcome = decideOutcome(facts);
  if (outcome === undefined) return lookAgainMs;
  await report(shell, known, facts.run, shownOutcome(outcome), 'has-ended');
  return undefined;
}

async function awaitStart(shell: RunsShell, known: KnownRun): Promise<number | undefined> {
  const { namespace } = known.run.metadata;
  const seconds = shell.startTimeoutSeconds(namespace, projectOf(known.run));
  const dueIn = (since: number) => since + seconds * 1000 - shell.now();
  const since = startClock(knownFacts(known));
  if (since === undefined) return undefined;
  if (dueIn(since) > 0) return Math.min(dueIn(since), lookAgainMs);
  const facts = await gather(troubled(shell, known), known);
  const still = startClock(facts);
  if (still === undefined || dueIn(still) > 0)
    return still === undefined ? lookAgainMs : Math.min(dueIn(still), lookAgainMs);
  const outcome = decideStartTimeout(facts, seconds);
  if (outcome === undefined) return lookAgainMs;
  await report(shell, known, facts.run, shownOutcome(outcome), 'end-it');
  return undefined;
}

function troubled({ client, log }: RunsShell, { run }: KnownRun) {
  return {
    client,
    onTrouble: (what: string, error: unknown) => {
      log.warn({ ...identity(run), what, err: error }, 'Could not read a detail of the run');
    },
  };
}

/**
 * A run that has ended is told of first and marked then: after a crash in between, the Event is written again under its
 * old name. A run that is to be ended is marked first: only the mark, which is refused if the run has moved on, makes it true.
 */
async function report(
  shell: RunsShell,
  known: KnownRun,
  run: Job | Pod,
  outcome: Outcome,
  ending: Ending,
): Promise<void> {
  if (ending === 'has-ended') await tell(shell, run, outcome);
  if (!known.gone) await markUnlessGone(shell, run, outcome, ending);
  if (ending === 'end-it') await tell(shell, run, outcome);
  if (known.gone) shell.index.forget(run.metadata.uid);
  shell.onReported(run, outcome);
  const { result, reason, container, exitCode } = outcome;
  shell.log.info({ ...identity(run), result, reason, container, exitCode }, 'Reported run');
}

async function markUnlessGone(
  shell: RunsShell,
  run: Job | Pod,
  outcome: Outcome,
  ending: Ending,
): Promise<void> {
  try {
    await annotateOutcome(shell.client, run, outcome, ending);
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 404)) throw error;
    shell.index.forget(run.metadata.uid);
  }
}

async function tell(shell: RunsShell, run: Job | Pod, outcome: Outcome): Promise<void> {
  const { namespace, name, uid } = run.metadata;
  const regarding = {
    apiVersion: run.kind === 'Job' ? 'batch/v1' : 'v1',
    kind: run.kind,
    namespace,
    name,
    uid,
  };
  try {
    await writeEvent(
      shell.client,
      regarding,
      outcomeNote(outcome),
      new Date(shell.now()),
      shell.reportingInstance,
    );
  } catch (error) {
    // A namespace that is being deleted takes no Events; the verdict must not hang on that.
    if (!(error instanceof KubeError && (error.status === 403 || error.status === 404))) throw error;
    shell.log.warn({ ...identity(run), err: error }, 'Could not write the Event of a run');
  }
}

function identity(run: Job | Pod) {
  const { namespace, name, uid } = run.metadata;
  return { kind: run.kind, namespace, name, uid, project: projectOf(run) };
}
