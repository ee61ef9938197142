import type { LiveEvent } from '../api/route.ts';
import type { Store } from '../store/store.ts';
import type { RunSummary } from '../wire/run.ts';
import { openInbox } from './inbox.ts';

export interface LiveShell {
  readonly store: Store;
  readonly signal: AbortSignal;
  now(): number;
  /** Ends early when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface ProjectPlace {
  readonly namespace: string;
  readonly project: string;
}

/** Replicas' clocks differ, and what was written at one instant is seen at a later one. */
const overlapMs = 60_000;
/** Of one project since the reader was there last; a reader that was away for longer has to read the list anew. */
const mostMissed = 5000;
/** Changes that come in one breath are told in one. */
export const pauseMs = 200;

/**
 * What is new or has changed of a project's runs, as it is now. The id is the instant up to which a reader has seen
 * everything; without one it begins a minute ago.
 */
export async function* projectLive(
  shell: LiveShell,
  place: ProjectPlace,
  lastEventId: string | undefined,
): AsyncGenerator<LiveEvent> {
  const { store, signal } = shell;
  const inbox = openInbox(store.changes, (change) =>
    change.kind === 'run' && isOf(place, change) ? change.uid : undefined,
  );
  try {
    let seen = instantOf(lastEventId) ?? shell.now();
    let missed = true;
    let uids: readonly string[] = [];
    while (!signal.aborted) {
      const at = shell.now();
      const runs = missed ? await since(store, place, seen) : await these(store, place, uids);
      for (const run of runs) yield { id: new Date(at).toISOString(), event: 'run', data: run };
      seen = at;
      await shell.sleep(pauseMs, signal);
      const arrived = await inbox.next(signal);
      missed = arrived?.missed === true;
      uids = (arrived?.changes ?? []).flatMap((change) => (change.kind === 'missed' ? [] : change.uid));
    }
  } finally {
    inbox.close();
  }
}

function isOf(place: ProjectPlace, change: ProjectPlace): boolean {
  return change.namespace === place.namespace && change.project === place.project;
}

/** What the header says is the reader's to choose: anything else than an instant of ours is as none. */
function instantOf(id: string | undefined): number | undefined {
  const at = Date.parse(id ?? '');
  return Number.isNaN(at) ? undefined : at;
}

async function since(
  store: Store,
  { namespace, project }: ProjectPlace,
  seen: number,
): Promise<readonly RunSummary[]> {
  const from = new Date(seen - overlapMs).toISOString();
  return store.runs.changedSince(namespace, project, from, mostMissed);
}

async function these(
  store: Store,
  { namespace }: ProjectPlace,
  uids: readonly string[],
): Promise<readonly RunSummary[]> {
  const runs = await Promise.all(uids.map((uid) => store.runs.get(namespace, uid)));
  return runs.filter((run) => run !== undefined);
}
