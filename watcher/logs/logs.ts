import type { DbtLog } from '../dbt/log.ts';
import type { NodesSource } from '../ingest/nodes-part.ts';
import type { KubeClient } from '../kube/client.ts';
import { dbtContainerOf, type Pod, statusOf } from '../kube/pod.ts';
import { type KnownRun, runUidOf } from '../run-index.ts';
import type { Spool, SpoolLog } from '../spool/spool.ts';
import { type Execution, executionsOf, executionState } from './execution.ts';
import { type Follower, type FollowerShell, startFollower } from './follower.ts';
import type { GapReason, TailTarget } from './tail.ts';

export interface LogsShell {
  readonly client: KubeClient;
  readonly spool: Spool;
  readonly random: () => number;
  /** The run as it is known now. */
  known(runUid: string): KnownRun | undefined;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** After each change of a spooled log. */
  onSpooled(runUid: string, log: SpoolLog): void;
  /** After each change of the log of a dbt container. */
  onHeard(runUid: string, source: NodesSource): void;
  /** One more log of the run is whole, or will never be. */
  onWhole(runUid: string): void;
  onGap(reason: GapReason): void;
  onTrouble(target: TailTarget, error: unknown): void;
}

/** What a verdict reads of a pod's logs. */
export interface PodLogs {
  /** What dbt said; waits for the rest of a log that has ended, but not for ever. */
  dbtLog(pod: Pod): Promise<DbtLog | undefined>;
  /** The last lines of an init container. */
  lastWords(pod: Pod, container: string): Promise<string | undefined>;
}

export interface Logs extends PodLogs {
  /** Follows every log of the run that has begun and is not followed yet. To be called at each change of the run. */
  follow(run: KnownRun): void;
  /** Whether nothing more of the run's logs will come. */
  isWhole(runUid: string): boolean;
  /** Drops what is held in memory of a run that is reported. */
  forget(runUid: string): void;
  stop(): Promise<void>;
}

/** A verdict is not held up longer by a node that does not answer. */
const mostWaitMs = 20_000;
/** Readings, each on a connection; further logs wait, and are read from where they stand then. */
const mostAtOnce = 400;

interface Followed extends Follower {
  readonly wake: () => void;
  /** Settles when the rest of the log is not worth waiting for. */
  readonly enough: Promise<undefined>;
  whole: boolean;
}

export function createLogs(shell: LogsShell): Logs {
  const runs = new Map<string, Map<string, Followed>>();
  const stopping = new AbortController();
  const turns = createTurns(mostAtOnce);
  const find = (pod: Pod, container: string | undefined): Followed | undefined => {
    if (container === undefined) return undefined;
    const execution = statusOf(pod, container)?.restartCount ?? 0;
    return runs.get(runUidOf(pod))?.get(keyOf(pod, { container, execution }));
  };
  return {
    follow(run) {
      const { uid } = run.run.metadata;
      const followed = runs.get(uid) ?? new Map<string, Followed>();
      for (const known of followed.values()) known.wake();
      for (const { pod, execution } of toFollow(run)) {
        const key = keyOf(pod, execution);
        if (!followed.has(key))
          followed.set(key, start(shell, { uid, pod, execution }, turns, stopping.signal));
      }
      if (followed.size > 0) runs.set(uid, followed);
    },
    async dbtLog(pod) {
      const followed = await waitFor(shell, find(pod, dbtContainerOf(pod)));
      return followed?.dbtLog();
    },
    async lastWords(pod, container) {
      const followed = await waitFor(shell, find(pod, container));
      return followed?.lastWords();
    },
    isWhole: (runUid) => [...(runs.get(runUid)?.values() ?? [])].every(({ whole }) => whole),
    forget: (runUid) => void runs.delete(runUid),
    async stop() {
      stopping.abort();
      const all = [...runs.values()].flatMap((followed) => [...followed.values()]);
      for (const followed of all) followed.wake();
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

/** Of a pod that is gone nothing can be read any more. */
function toFollow(run: KnownRun): { readonly pod: Pod; readonly execution: Execution }[] {
  return run.pods.flatMap((known) =>
    executionsOf(known.pod)
      .filter((execution) => executionState(known, execution) !== 'gone')
      .map((execution) => ({ pod: known.pod, execution })),
  );
}

async function waitFor(shell: LogsShell, followed: Followed | undefined): Promise<Followed | undefined> {
  if (followed === undefined || followed.whole) return followed;
  const waited = new AbortController();
  await Promise.race([followed.enough, shell.sleep(mostWaitMs, waited.signal)]);
  waited.abort();
  return followed;
}

function keyOf(pod: Pod, { container, execution }: Execution): string {
  return `${pod.metadata.uid}/${container}/${execution}`;
}

interface Of {
  readonly uid: string;
  readonly pod: Pod;
  readonly execution: Execution;
}

function start(shell: LogsShell, of: Of, turns: Turns, signal: AbortSignal): Followed {
  const { promise: enough, resolve } = Promise.withResolvers<undefined>();
  let waking = new AbortController();
  let follower: Follower | undefined;
  const tail: Pick<FollowerShell, 'sleep' | 'turn' | 'onTrouble'> = {
    async sleep(ms) {
      waking = new AbortController();
      // A signal made of others would stay with them: there are as many as logs.
      if (!signal.aborted) await shell.sleep(ms, waking.signal);
    },
    turn: (reading) => turns.take(reading),
    onTrouble(error, nature) {
      shell.onTrouble(targetOf(of), error);
      if (nature === 'final') resolve(undefined);
    },
  };
  const source = nodesSource(of, (mostNodes) => follower?.news(mostNodes));
  const run = async (): Promise<void> => {
    follower = startFollower({ ...(await logOf(shell, of, source)), ...tail }, signal);
    await follower.done;
  };
  const followed: Followed = {
    whole: false,
    enough,
    wake: () => waking.abort(),
    dbtLog: () => follower?.dbtLog(),
    lastWords: () => follower?.lastWords(),
    news: (mostNodes) => follower?.news(mostNodes),
    done: run()
      .catch((error: unknown) => shell.onTrouble(targetOf(of), error))
      .then(() => {
        followed.whole = true;
        resolve(undefined);
        shell.onWhole(of.uid);
      }),
  };
  return followed;
}

/** Nodes are told by the dbt container alone. */
function nodesSource({ pod, execution }: Of, news: NodesSource['news']): NodesSource | undefined {
  if (execution.container !== dbtContainerOf(pod)) return undefined;
  return { attempt: pod.metadata.uid, execution: execution.execution, news };
}

function targetOf({ pod, execution }: Of): TailTarget {
  const { namespace, name, uid } = pod.metadata;
  return { namespace, pod: name, podUid: uid, ...execution };
}

async function logOf(
  shell: LogsShell,
  of: Of,
  source: NodesSource | undefined,
): Promise<Omit<FollowerShell, 'sleep' | 'turn' | 'onTrouble'>> {
  const { uid, execution } = of;
  const target = targetOf(of);
  const log = await shell.spool.open({ runUid: uid, podUid: target.podUid, ...execution });
  const known = () => shell.known(uid)?.pods.find((one) => one.pod.metadata.uid === target.podUid);
  return {
    client: shell.client,
    random: shell.random,
    target,
    log,
    state: () => executionState(known(), execution),
    onSpooled() {
      shell.onSpooled(uid, log);
      if (source !== undefined) shell.onHeard(uid, source);
    },
    onGap: (reason) => shell.onGap(reason),
  };
}

interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
}

/** So many at once, the others in their order. */
function createTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let free = most;
  return {
    async take(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
