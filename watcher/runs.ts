import type { Logger } from 'pino';
import type { Outcome } from '../contract/outcome.ts';
import { holdStep, isHeld, isLeaving, releaseIn } from './decide/hold.ts';
import { decideOutcome, decideStartTimeout } from './decide/outcome.ts';
import { isOver } from './decide/run-facts.ts';
import { startClock } from './decide/start-clock.ts';
import { gather, knownFacts, lacksPods, livePods, type SeenRun } from './gather.ts';
import { holdRun, releaseRun } from './hold.ts';
import type { Delivery } from './ingest/delivery.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import type { Job } from './kube/job.ts';
import type { Pod } from './kube/pod.ts';
import type { Logs } from './logs/logs.ts';
import { progressReport } from './progress/report.ts';
import type { Refusals } from './refusals.ts';
import { annotatedOutcome, annotateOutcome, type Ending } from './report/annotation.ts';
import { outcomeNote, writeEvent } from './report/event.ts';
import { shownOutcome } from './report/shown.ts';
import type { RunIndex } from './run-index.ts';
import { outcomeReport, projectOf } from './run-report.ts';

export interface RunsShell {
  readonly client: KubeClient;
  readonly index: RunIndex;
  readonly logs: Logs;
  /** Undefined where there is no control plane. */
  readonly delivery: Delivery | undefined;
  readonly refusals: Refusals;
  readonly log: Logger;
  readonly reportingInstance: string;
  now(): number;
  /** spec.startTimeoutSeconds of the project, its default where there is no such project. */
  startTimeoutSeconds(namespace: string, project: string): number;
  /** Whether the CronJob of the run replaces a run by the next one. */
  isReplaced(run: Job | Pod): boolean;
  /** Once for each run, when its outcome is written. */
  onReported(run: Job | Pod, outcome: Outcome): void;
  /** Each time a run with an outcome is seen. */
  onKnown(run: Job | Pod, outcome: Outcome): void;
  /** Drops everything that is kept of a run of which nothing more is to be told. */
  discard(uid: string): Promise<void>;
}

/**
 * The longest to wait before looking again at a run that has not started: its project may be seen after it, or be given
 * another time, and what keeps it from starting may become a cause of the list.
 */
const lookAgainMs = 60_000;

/** Looks at one run: holds it, reports it where it is over or cannot start, lets it go; the answer is when to look again. */
export async function reconcileRun(shell: RunsShell, uid: string): Promise<number | undefined> {
  const found = shell.index.get(uid);
  if (found === undefined) return discardUnlessPending(shell, uid);
  const told = annotatedOutcome(found.run);
  const asked = told === undefined || isHeld(found.run);
  const seen = { ...found, leaving: isLeaving(found.run, shell.now()) };
  const known = asked && lacksPods(seen) ? await withEveryPod(shell, seen) : seen;
  if (told !== undefined) return settle(shell, known, told);
  if (shell.refusals.has(uid, 'outcome')) return letGo(shell, known);
  shell.logs.follow(known);
  shell.delivery?.progress(progressReport(knownFacts(known), shell.now()));
  if (!isOver(knownFacts(known))) {
    if (holdStep({ ...holdFacts(shell, known), told: false }) === 'hold')
      await holdRun(shell.client, known.run);
    return soonest(await awaitStart(shell, known), awaitLeave(shell, known));
  }
  const facts = await gather(troubled(shell, known), known);
  const outcome = decideOutcome(facts);
  if (outcome === undefined) return lookAgainMs;
  await report(shell, known, facts.run, shownOutcome(outcome), 'has-ended');
  return shell.delivery === undefined ? undefined : releaseIn(known.run, shell.now());
}

async function withEveryPod(shell: RunsShell, known: SeenRun): Promise<SeenRun> {
  for (const pod of await livePods(troubled(shell, known), known)) {
    if (!known.pods.some(({ pod: { metadata } }) => metadata.uid === pod.metadata.uid))
      shell.index.onPod({ type: 'added', object: pod });
  }
  return { ...known, pods: shell.index.get(known.run.metadata.uid)?.pods ?? known.pods };
}

function soonest(...delays: readonly (number | undefined)[]): number | undefined {
  const known = delays.filter((delay) => delay !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A Pod that is deleted is looked at again when its kubelet should have ended it. */
function awaitLeave(shell: RunsShell, { run, leaving }: SeenRun): number | undefined {
  return run.kind === 'Pod' && run.metadata.deletionTimestamp && isHeld(run) && !leaving
    ? Math.max(1000, Date.parse(run.metadata.deletionTimestamp) + 31_000 - shell.now())
    : undefined;
}

function holdFacts(shell: RunsShell, { run }: SeenRun) {
  const { uid } = run.metadata;
  const delivered =
    shell.delivery === undefined || (shell.delivery.isDelivered(uid) && shell.logs.isWhole(uid));
  return { run, delivered, replaced: shell.isReplaced(run), now: shell.now() };
}

/** A run that carries its outcome is held until that and its logs are safe, and forgotten then. */
async function settle(shell: RunsShell, known: SeenRun, told: Outcome): Promise<number | undefined> {
  const { run } = known;
  shell.onKnown(run, told);
  if (!known.gone && isHeld(run)) {
    shell.logs.follow(known);
    shell.delivery?.progress(progressReport(knownFacts(known), shell.now()));
    await shell.delivery?.outcome(outcomeReport(run, told, shell.now()));
  }
  return letGo(shell, known);
}

/** Nothing more is to be told of the run but what the control plane has not taken yet. */
async function letGo(shell: RunsShell, known: SeenRun): Promise<number | undefined> {
  const { run } = known;
  if (known.gone || !isHeld(run)) return discardUnlessPending(shell, run.metadata.uid);
  if (holdStep({ ...holdFacts(shell, known), told: true }) !== 'release') return releaseIn(run, shell.now());
  await releaseRun(shell.client, run);
  return undefined;
}

/** What the control plane has not taken yet asks for the run again when it has. */
async function discardUnlessPending(shell: RunsShell, uid: string): Promise<undefined> {
  if (!shell.logs.isWhole(uid) || shell.delivery?.isPending(uid)) return undefined;
  await shell.discard(uid);
  return undefined;
}

async function awaitStart(shell: RunsShell, known: SeenRun): Promise<number | undefined> {
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
  if (shell.refusals.has(known.run.metadata.uid, 'end')) return undefined;
  const outcome = decideStartTimeout(facts, seconds);
  if (outcome === undefined) return lookAgainMs;
  await report(shell, known, facts.run, shownOutcome(outcome), 'end-it');
  return undefined;
}

function troubled({ client, logs, log }: RunsShell, { run }: SeenRun) {
  return {
    client,
    logs,
    onTrouble: (what: string, error: unknown) => {
      log.warn({ ...identity(run), what, err: error }, 'Could not read a detail of the run');
    },
  };
}

/**
 * A run that has ended is told of first and marked then: after a crash in between, the Event is written again under its
 * old name. A run that is to be ended is marked first: only the mark, which is refused if the run has moved on, makes it
 * true. For the control plane the verdict goes to disk: before the mark where nothing else would bring it up again.
 */
async function report(
  shell: RunsShell,
  known: SeenRun,
  run: Job | Pod,
  outcome: Outcome,
  ending: 'has-ended' | 'end-it',
): Promise<void> {
  const keep = () => shell.delivery?.outcome(outcomeReport(run, outcome, shell.now()));
  const volatile = known.gone || known.leaving || !isHeld(run);
  if (ending === 'has-ended') {
    if (volatile) await keep();
    await tell(shell, run, outcome);
  }
  const marking = ending === 'end-it' ? ending : endingOf(shell, known);
  const isRefused = !known.gone && (await mark(shell, run, outcome, marking)) === 'refused';
  // It runs on: what was found of it is not true.
  if (isRefused && ending === 'end-it') return;
  if (!volatile || ending === 'end-it') await keep();
  if (ending === 'end-it') await tell(shell, run, outcome);
  if (known.gone || isRefused) await discardUnlessPending(shell, run.metadata.uid);
  shell.onReported(run, outcome);
  const { result, reason, container, exitCode } = outcome;
  shell.log.info({ ...identity(run), result, reason, container, exitCode }, 'Reported run');
}

function endingOf(shell: RunsShell, known: SeenRun): Ending {
  if (isHeld(known.run)) return shell.delivery === undefined || known.leaving ? 'release-it' : 'has-ended';
  return holdStep({ ...holdFacts(shell, known), told: false }) === 'hold' ? 'hold-it' : 'has-ended';
}

/** Throws KubeError, a conflict too. */
async function mark(
  shell: RunsShell,
  run: Job | Pod,
  outcome: Outcome,
  ending: Ending,
): Promise<'marked' | 'gone' | 'refused'> {
  const { uid } = run.metadata;
  try {
    await annotateOutcome(shell.client, run, outcome, ending);
    return 'marked';
  } catch (error) {
    if (!(error instanceof KubeError && (error.status === 403 || error.status === 404))) throw error;
    if (error.status === 404) {
      await discardUnlessPending(shell, uid);
      return 'gone';
    }
    shell.refusals.add(uid, ending === 'end-it' ? 'end' : 'outcome');
    shell.log.warn({ ...identity(run), why: error.message }, 'May not write the outcome onto the run');
    return 'refused';
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
