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
  onTrouble(error: unknown): void;
}

/** A line above it is cut: more than the runtime's own events ever have. */
export const maxLineLength = 1024 * 1024;
/** A query may run for hours without a word; a dead stream looks the same, and to connect again costs one second's lines. */
const inactivityMs = 60_000;
/** Tries to read the log of an execution that has ended: then its node does not answer, or the log is no more. */
const mostTriesAtTheEnd = 5;

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
      position = await readOnce(shell, target, state, position, sink, signal);
      whole = true;
      failures = 0;
      if (state !== 'running') return;
    } catch (error) {
      if (isAborted(signal)) return;
      if (error instanceof ReadingBroke) position = error.position;
      failures += 1;
      if (!isSilence(error)) shell.onTrouble(error);
      if (state !== 'running' && failures >= mostTriesAtTheEnd) return sink.gap('unreadable');
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
      if (line === undefined) throw new KubeError(0, `instead of the log came: ${text.slice(0, 200)}`);
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
