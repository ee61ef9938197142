import { z } from 'zod';
import { createDbtLogReader, type DbtLog } from './dbt/log.ts';
import {
  decidingAttempt,
  dbtStarted,
  failedInitContainer,
  isOver,
  type RunFacts,
} from './decide/run-facts.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import { type KubeEvent, parseKubeEvent } from './kube/event.ts';
import { dbtContainerOf, parsePod, type Pod, statusOf } from './kube/pod.ts';
import { runPath } from './report/annotation.ts';
import type { KnownRun } from './run-index.ts';

export interface GatherShell {
  readonly client: KubeClient;
  /** Told of what could not be read; the verdict then does without. */
  onTrouble(what: string, error: unknown): void;
}

/** Events of more attempts than the newest ones are not worth a request each. */
const attemptsWithEvents = 3;
const logInactivityMs = 30_000;
/** A kubelet keeps 10 MiB of a container's log by default. */
const mostLogBytes = 64 * 1024 * 1024;
const initLogLines = 40;

/** What the caches know, without a request. */
export function knownFacts(known: KnownRun): RunFacts {
  return { run: known.run, gone: known.gone, attempts: known.pods.map(({ pod }) => pod), events: [] };
}

/**
 * Everything a verdict needs, read anew: a watch may lag behind what the Job's controller has already seen. Logs are read
 * only of a run that is over. Throws KubeError where pods or events cannot be read.
 */
export async function gather(shell: GatherShell, known: KnownRun): Promise<RunFacts> {
  const live = known.gone ? undefined : await livePods(shell, known);
  const gone = known.gone || (known.run.kind === 'Pod' && live?.length === 0);
  const lost = known.pods.map(({ pod }) => pod).filter((pod) => !live?.some((one) => sameUid(one, pod)));
  const attempts = [...lost, ...(live ?? [])];
  const [fresh] = live ?? [];
  const run = known.run.kind === 'Pod' && fresh !== undefined ? fresh : known.run;
  const facts: RunFacts = { run, gone, attempts, events: await eventsOf(shell.client, known, attempts) };
  const pod = decidingAttempt(facts);
  if (pod === undefined || !isOver(facts) || !live?.some((one) => sameUid(one, pod))) return facts;
  return { ...facts, ...(await logsOf(shell, pod)) };
}

function sameUid(a: Pod, b: Pod): boolean {
  return a.metadata.uid === b.metadata.uid;
}

const listed = z.object({ items: z.array(z.unknown()) });

async function livePods(shell: GatherShell, { run }: KnownRun): Promise<Pod[]> {
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

async function logsOf(shell: GatherShell, pod: Pod): Promise<{ dbtLog?: DbtLog; initLog?: string }> {
  const init = failedInitContainer(pod);
  const dbt = dbtContainerOf(pod);
  if (dbt !== undefined && dbtStarted(pod)) {
    const dbtLog = await readDbtLog(shell, pod, dbt);
    return dbtLog === undefined ? {} : { dbtLog };
  }
  if (init === undefined) return {};
  const initLog = await readTail(shell, pod, init);
  return initLog === undefined ? {} : { initLog };
}

async function readDbtLog(shell: GatherShell, pod: Pod, container: string): Promise<DbtLog | undefined> {
  const reader = createDbtLogReader();
  try {
    for await (const chunk of logOf(shell, pod, container, {})) reader.push(chunk);
  } catch (error) {
    shell.onTrouble('log', error);
  }
  const log = reader.end();
  return Object.keys(log).length === 0 ? undefined : log;
}

async function readTail(shell: GatherShell, pod: Pod, container: string): Promise<string | undefined> {
  const parts: string[] = [];
  try {
    for await (const chunk of logOf(shell, pod, container, { tailLines: String(initLogLines) }))
      parts.push(chunk);
  } catch (error) {
    shell.onTrouble('log', error);
  }
  return parts.length === 0 ? undefined : parts.join('');
}

function logOf(
  { client }: GatherShell,
  pod: Pod,
  container: string,
  query: Readonly<Record<string, string>>,
): AsyncIterable<string> {
  const { namespace, name } = pod.metadata;
  const ended = statusOf(pod, container)?.state?.terminated;
  const previous = ended ? {} : { previous: 'true' };
  return client.stream(
    {
      path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
      query: { container, limitBytes: String(mostLogBytes), ...previous, ...query },
    },
    logInactivityMs,
  );
}
