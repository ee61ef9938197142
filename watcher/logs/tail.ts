import { backoffMs } from '../backoff.ts';
import { type KubeClient, KubeError } from '../kube/client.ts';
import { createLineSplitter } from '../lines.ts';
import { after, type Position, resume, sinceTime } from './position.ts';
import { parseStampedLine, type StampedLine } from './stamped-line.ts';

/** One execution of one container. */
export interface TailTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  readonly container: string;
  /** The container's restartCount. */
  readonly execution: number;
}

/** Of an execution, as the watches know it: `previous` has been followed by another. */
export type ExecutionState = 'running' | 'ended' | 'previous' | 'gone';

/** `rotated`: the node has dropped older lines; `unreadable`: the log could not be read to its end. */
export type GapReason = 'rotated' | 'unreadable' | 'spool-full';

export interface TailSink {
  /** New lines in their order. The reading waits for it. */
  lines(lines: readonly StampedLine[]): Promise<void>;
  gap(reason: GapReason): Promise<void>;
}

export interface TailShell {
  readonly client: KubeClient;
  readonly random: () => number;
  state(): ExecutionState;
  /** Ends early when the state may have changed. */
  sleep(ms: number): Promise<void>;
  /** Runs one reading when it is its turn: each holds a connection. */
  turn<T>(reading: () => Promise<T>): Promise<T>;
  /** `final`: the server itself says no to the log of an execution that has ended. */
  onTrouble(error: unknown, nature: 'passing' | 'final'): void;
}

/** A line above it is cut: more than the runtime's own events ever have. */
export const maxLineLength = 1024 * 1024;
/** A query may run for hours without a word; a dead stream looks the same, and to connect again costs one second's lines. */
const inactivityMs = 60_000;
/**
 * Tries to read the log of an execution that has ended, with growing pauses. A server that cannot be reached comes back:
 * ten minutes. An error of the server may be its node's, for a minute. Its no, or the kubelet's, hardly becomes a yes.
 */
const mostTries = { unreachable: 25, error: 8, refusal: 3 };
const unreachable = new Set([0, 429, 503]);

/** Follows the log from `from`, or its first byte, until all of it has been told, or can never be. */
export async function tailLog(
  shell: TailShell,
  target: TailTarget,
  sink: TailSink,
  signal: AbortSignal,
  from?: Position,
): Promise<void> {
  let position = from;
  let failures = 0;
  let whole = false;
  while (!isAborted(signal)) {
    const state = shell.state();
    if (state === 'gone') {
      if (!whole) await sink.gap('unreadable');
      return;
    }
    try {
      whole = false;
      const from = position;
      position = await shell.turn(() => readOnce(shell, target, state, from, sink, signal));
      whole = true;
      failures = 0;
      if (state !== 'running') return;
    } catch (error) {
      if (isAborted(signal)) return;
      if (error instanceof ReadingBroke && error.position !== position) {
        // What came further is tried again like anew: a long log over a bad line must not be given up on the way.
        [position, failures] = [error.position, 0];
      }
      failures += 1;
      const trouble = troubleOf(error);
      const ended = state !== 'running';
      if (!isSilence(error)) shell.onTrouble(error, ended && trouble !== 'unreachable' ? 'final' : 'passing');
      if (ended && failures >= mostTries[trouble]) return sink.gap('unreadable');
    }
    await shell.sleep(failures === 0 ? 250 : backoffMs(failures, shell.random));
  }
}

/** Asked anew after each await: the compiler takes `signal.aborted` for a constant. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The reading broke off; `position` is behind the last line that was told. */
class ReadingBroke extends Error {
  readonly position: Position | undefined;

  constructor(position: Position | undefined, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.position = position;
  }
}

function isSilence(error: unknown): boolean {
  const cause = error instanceof ReadingBroke ? error.cause : error;
  return cause instanceof KubeError && cause.message.includes('no byte for');
}

function troubleOf(error: unknown): keyof typeof mostTries {
  const cause = error instanceof ReadingBroke ? error.cause : error;
  if (!(cause instanceof KubeError) || cause instanceof NoLog) return 'refusal';
  if (unreachable.has(cause.status)) return 'unreachable';
  // 410 is said by a server that is itself behind.
  return cause.status >= 500 || cause.status === 410 ? 'error' : 'refusal';
}

/** Instead of the log came words of the kubelet, with status 200. */
class NoLog extends KubeError {
  constructor(words: string) {
    super(0, `instead of the log came: ${words.slice(0, 200)}`);
  }
}

async function readOnce(
  shell: TailShell,
  target: TailTarget,
  state: Exclude<ExecutionState, 'gone'>,
  from: Position | undefined,
  sink: TailSink,
  signal: AbortSignal,
): Promise<Position | undefined> {
  const splitter = createLineSplitter(maxLineLength + 64);
  const seen = resume(from);
  let position = from;
  const take = async (texts: readonly string[]): Promise<void> => {
    const fresh: StampedLine[] = [];
    for (const text of texts) {
      const line = parseStampedLine(text);
      if (line === undefined) throw new NoLog(text);
      const found = seen(line.at);
      if (found === 'known') continue;
      if (found === 'new-after-gap') await sink.gap('rotated');
      position = after(position, line.at);
      fresh.push(line);
    }
    if (fresh.length > 0) await sink.lines(fresh);
  };
  try {
    const call = { path: logPath(target), query: logQuery(target, state, from), signal };
    for await (const chunk of shell.client.stream(call, inactivityMs)) await take(splitter.push(chunk));
    // Without its line feed it is a line only if nothing more can come: else it is read again as a whole.
    const rest = splitter.rest();
    if (rest !== undefined && state !== 'running') await take([rest]);
    return position;
  } catch (error) {
    throw new ReadingBroke(position, error);
  }
}

function logPath({ namespace, pod }: TailTarget): string {
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
}

function logQuery(
  { container }: TailTarget,
  state: Exclude<ExecutionState, 'gone'>,
  from: Position | undefined,
): Record<string, string> {
  const since = sinceTime(from);
  return {
    container,
    timestamps: 'true',
    ...(state === 'running' && { follow: 'true' }),
    ...(state === 'previous' && { previous: 'true' }),
    ...(since !== undefined && { sinceTime: since }),
  };
}
