import { z } from 'zod';
import type { DbtLog } from './dbt/log.ts';
import {
  decidingAttempt,
  dbtStarted,
  failedInitContainer,
  isOver,
  type RunFacts,
} from './decide/run-facts.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import { type KubeEvent, parseKubeEvent } from './kube/event.ts';
import { endOf } from './kube/job.ts';
import { dbtContainerOf, hasEnded, parsePod, type Pod, statusOf } from './kube/pod.ts';
import type { PodLogs } from './logs/logs.ts';
import { runPath } from './report/annotation.ts';
import type { KnownRun } from './run-index.ts';

export interface GatherShell {
  readonly client: KubeClient;
  readonly logs: PodLogs;
  /** Told of what could not be read; the verdict then does without. */
  onTrouble(what: string, error: unknown): void;
}

/** A run as a reconcile looks at it. */
export interface SeenRun extends KnownRun {
  /** Deleted, and held by us alone. */
  readonly leaving: boolean;
}

/** Events of more attempts than the newest ones are not worth a request each. */
const attemptsWithEvents = 3;

/** What the caches know, without a request. */
export function knownFacts(known: SeenRun): RunFacts {
  return {
    run: known.run,
    gone: known.gone || known.leaving,
    attempts: known.pods.map(({ pod }) => pod),
    events: [],
  };
}

/**
 * Everything a verdict needs, read anew where the watches may lag behind what the Job's controller has already seen. Logs
 * are waited for only of a run that is over. Throws KubeError where pods or events cannot be read.
 */
export async function gather(shell: GatherShell, known: SeenRun): Promise<RunFacts> {
  const facts = isSettled(known) ? knownFacts(known) : await readAnew(shell, known);
  const pod = decidingAttempt(facts);
  if (pod === undefined || !isOver(facts)) return facts;
  return { ...facts, ...(await logsOf(shell.logs, pod)) };
}

/** Whether the watches have seen the end of every pod that the run counts, and how dbt ended in the last. */
function isSettled(known: SeenRun): boolean {
  const facts = knownFacts(known);
  const pod = decidingAttempt(facts);
  const dbt = pod && statusOf(pod, dbtContainerOf(pod))?.state?.terminated;
  if (facts.gone || !dbt || !facts.attempts.every(hasEnded)) return false;
  if (known.run.kind === 'Pod') return true;
  const { failed, succeeded } = known.run.status;
  return endOf(known.run) !== undefined && (failed ?? 0) + (succeeded ?? 0) === facts.attempts.length;
}

async function readAnew(shell: GatherShell, known: SeenRun): Promise<RunFacts> {
  const live = known.gone ? undefined : await livePods(shell, known);
  const gone = known.gone || known.leaving || (known.run.kind === 'Pod' && live?.length === 0);
  const lost = known.pods.map(({ pod }) => pod).filter((pod) => !live?.some((one) => sameUid(one, pod)));
  const attempts = [...lost, ...(live ?? [])];
  const [fresh] = live ?? [];
  const run = known.run.kind === 'Pod' && fresh !== undefined ? fresh : known.run;
  return { run, gone, attempts, events: await eventsOf(shell.client, known, attempts) };
}

function sameUid(a: Pod, b: Pod): boolean {
  return a.metadata.uid === b.metadata.uid;
}

const listed = z.object({ items: z.array(z.unknown()) });

/**
 * Whether the run counts pods that no watch has told of: that of pods may lag behind that of Jobs, and a log that is not
 * known is not waited for.
 */
export function lacksPods({ run, gone, pods }: KnownRun): boolean {
  if (gone || run.kind !== 'Job' || endOf(run) === undefined) return false;
  return (run.status.failed ?? 0) + (run.status.succeeded ?? 0) > pods.length;
}

/** The pods of the run as the server has them now. Throws KubeError. */
export async function livePods(shell: GatherShell, { run }: KnownRun): Promise<Pod[]> {
  const { namespace, uid } = run.metadata;
  if (run.kind === 'Pod') {
    const pod = await orAbsent(shell.client.request({ path: runPath(run) }));
    return pod === undefined ? [] : [parsePod(pod)].filter((one) => one.metadata.uid === uid);
  }
  const query = { labelSelector: `batch.kubernetes.io/controller-uid=${uid}` };
  const answer = await shell.client.request({ path: `/api/v1/namespaces/${namespace}/pods`, query });
  return listed.parse(answer).items.flatMap((item) => {
    try {
      return [parsePod(item)];
    } catch (error) {
      shell.onTrouble('pod', error);
      return [];
    }
  });
}

async function orAbsent(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

async function eventsOf(
  client: KubeClient,
  { run }: KnownRun,
  attempts: readonly Pod[],
): Promise<KubeEvent[]> {
  const uids = [...attempts.slice(-attemptsWithEvents).map((pod) => pod.metadata.uid), run.metadata.uid];
  const path = `/api/v1/namespaces/${run.metadata.namespace}/events`;
  const answers = await Promise.all(
    [...new Set(uids)].map((uid) =>
      client.request({ path, query: { fieldSelector: `involvedObject.uid=${uid}`, limit: '200' } }),
    ),
  );
  return answers.flatMap((answer) => listed.parse(answer).items.flatMap(readEvent));
}

function readEvent(item: unknown): KubeEvent[] {
  try {
    return [parseKubeEvent(item)];
  } catch {
    return [];
  }
}

async function logsOf(logs: PodLogs, pod: Pod): Promise<{ dbtLog?: DbtLog; initLog?: string }> {
  if (dbtStarted(pod)) {
    const dbtLog = await logs.dbtLog(pod);
    return dbtLog === undefined ? {} : { dbtLog };
  }
  const init = failedInitContainer(pod);
  const initLog = init === undefined ? undefined : await logs.lastWords(pod, init);
  return initLog === undefined ? {} : { initLog };
}
