import type { LiveEvent } from '../api/route.ts';
import type { Change, StoredStream } from '../store/store.ts';
import type { WireRun } from '../wire/run.ts';
import { type Arrived, openInbox } from './inbox.ts';
import { createNodeMemory, type NodeMemory } from './node-memory.ts';
import { readPosition, writePosition } from './position.ts';
import { type LiveShell, pauseMs } from './project-live.ts';

export interface RunLiveShell extends LiveShell {
  readonly namespace: string;
  readonly uid: string;
  /** As `GET …/runs/:run` answers; undefined where it is not known yet. */
  readRun(): Promise<WireRun | undefined>;
}

interface State {
  /** Of each log the line that is told next. */
  readonly next: Map<string, number>;
  /** Logs whose end was told. */
  readonly ended: Set<string>;
  readonly nodes: NodeMemory;
}

/** Lines an event: some hundred kB. */
const linesAtOnce = 1000;
/** Whoever comes without an id reads the logs elsewhere, and gets what joins their end to it. */
const tailLines = 200;

/**
 * A run, the lines of its logs in order and its nodes, as they come. The id says which line of each log is next; the run and
 * its nodes come as they are now whenever a reader comes.
 */
export async function* runLive(
  shell: RunLiveShell,
  lastEventId: string | undefined,
): AsyncGenerator<LiveEvent> {
  const inbox = openInbox(shell.store.changes, (change) => keyOf(shell, change), joined);
  const state: State = {
    next: new Map(readPosition(lastEventId)),
    ended: new Set(),
    nodes: createNodeMemory(),
  };
  try {
    let arrived: Arrived | undefined = { changes: [], missed: true };
    while (arrived !== undefined) {
      for (const change of arrived.changes) rewind(state, change);
      const came = (kind: Change['kind']) =>
        arrived?.missed === true || arrived?.changes.some((change) => change.kind === kind) === true;
      if (came('run')) yield* runEvents(shell, state);
      if (came('log')) yield* logEvents(shell, state);
      if (came('nodes')) yield* nodeEvents(shell, state);
      await shell.sleep(pauseMs, shell.signal);
      arrived = await inbox.next(shell.signal);
    }
  } finally {
    inbox.close();
  }
}

function keyOf(
  { namespace, uid }: RunLiveShell,
  change: Exclude<Change, { kind: 'missed' }>,
): string | undefined {
  if (change.namespace !== namespace || change.uid !== uid) return undefined;
  return change.kind === 'log' ? `log ${change.stream}` : change.kind;
}

/** The earlier line of two changes to one log. */
function joined(before: Change, after: Change): Change {
  return before.kind === 'log' && after.kind === 'log'
    ? { ...after, from: Math.min(before.from, after.from) }
    : after;
}

/** Lines that came late have changed the numbers of those behind them, which are told again. */
function rewind({ next }: State, change: Change): void {
  if (change.kind !== 'log') return;
  const at = next.get(change.stream);
  if (at !== undefined && change.from < at) next.set(change.stream, change.from);
}

async function* runEvents(shell: RunLiveShell, state: State): AsyncGenerator<LiveEvent> {
  const run = await shell.readRun();
  if (run !== undefined) yield { id: writePosition(state.next), event: 'run', data: run };
}

async function* logEvents(shell: RunLiveShell, state: State): AsyncGenerator<LiveEvent> {
  const { store, namespace, uid, signal } = shell;
  for (const stream of await store.logs.streams(namespace, uid)) {
    const { id, lines: total } = stream;
    if (!state.next.has(id)) state.next.set(id, Math.max(0, total - tailLines));
    for (;;) {
      const from = state.next.get(id) ?? 0;
      const range =
        from < total
          ? await store.logs.range({ namespace, runUid: uid, stream: id }, from, linesAtOnce)
          : undefined;
      if (range === undefined || range.lines.length === 0 || signal.aborted) break;
      state.next.set(id, from + range.lines.length);
      yield { id: writePosition(state.next), event: 'log', data: { stream: id, lines: range.lines } };
    }
    yield* endEvent(state, stream);
  }
}

function* endEvent(state: State, { id, lines, end }: StoredStream): Generator<LiveEvent> {
  if (end === undefined || state.ended.has(id) || (state.next.get(id) ?? 0) < lines) return;
  state.ended.add(id);
  yield { id: writePosition(state.next), event: 'log', data: { stream: id, lines: [], end } };
}

async function* nodeEvents({ store, namespace, uid }: RunLiveShell, state: State): AsyncGenerator<LiveEvent> {
  for (const data of state.nodes.changed(await store.nodes.of(namespace, uid)))
    yield { id: writePosition(state.next), event: 'nodes', data };
}
