import type { DbtNews } from '../dbt/invocations.ts';
import { createDbtLogReader, type DbtLog } from '../dbt/log.ts';
import { createLineSplitter } from '../lines.ts';
import { readEntry, type SpoolEntry, writeEntry } from '../spool/entry.ts';
import type { SpoolLog } from '../spool/spool.ts';
import { after, type Position } from './position.ts';
import { createSafeText } from './safe-text.ts';
import type { StampedLine } from './stamped-line.ts';
import { type GapReason, tailLog, type TailShell, type TailTarget } from './tail.ts';

/** Enough for git's or dbt's last words about why it ended. */
const lastLines = 40;
const lastLineLength = 2000;
const replayBytes = 256 * 1024;

export interface FollowerShell extends TailShell {
  readonly target: TailTarget;
  readonly log: SpoolLog;
  /** After each change of the spooled log. */
  onSpooled(): void;
  onGap(reason: GapReason): void;
}

/** One log on its way into the spool, and what dbt says in it. */
export interface Follower {
  /** Settles when the log is whole, or can never be. */
  readonly done: Promise<void>;
  /** What dbt has said so far. */
  dbtLog(): DbtLog | undefined;
  lastWords(): string | undefined;
  /** What dbt has said and nobody has taken yet, of at most so many nodes. */
  news(mostNodes: number): DbtNews | undefined;
}

export function startFollower(shell: FollowerShell, signal: AbortSignal): Follower {
  const reader = createDbtLogReader();
  const last: string[] = [];
  const hear = (text: string) => {
    reader.push(`${text}\n`);
    if (last.push(text.slice(0, lastLineLength)) > lastLines) last.shift();
  };
  const spool = createSink(shell, hear);
  const follow = async (): Promise<void> => {
    const before = await replay(shell.log, hear);
    if (!before.ended) {
      await tailLog(shell, shell.target, spool, signal, before.position);
      if (!signal.aborted) await spool.end();
    }
    await shell.log.close();
    // One that was whole before this process began may not have been delivered by then.
    shell.onSpooled();
  };
  return {
    // What cannot be spooled is still read, so nothing but a fault of ours comes here.
    done: follow().catch((error: unknown) => shell.onTrouble(error, 'final')),
    dbtLog() {
      const found = reader.end();
      return Object.keys(found).length === 0 ? undefined : found;
    },
    news: (mostNodes) => reader.news(mostNodes),
    lastWords: () => (last.length === 0 ? undefined : last.join('\n')),
  };
}

function createSink(shell: FollowerShell, hear: (text: string) => void) {
  const safe = createSafeText();
  let [incomplete, full] = [false, false];
  const append = async (entries: readonly SpoolEntry[]): Promise<boolean> => {
    try {
      return await shell.log.append(entries.map(writeEntry).join(''));
    } catch (error) {
      shell.onTrouble(error, 'passing');
      return false;
    }
  };
  const gap = async (reason: GapReason): Promise<void> => {
    incomplete = true;
    shell.onGap(reason);
    await append([{ is: 'gap', reason }]);
  };
  return {
    gap,
    async lines(lines: readonly StampedLine[]): Promise<void> {
      // The reader hears what was written; only what is kept must be safe.
      for (const { text } of lines) hear(text);
      const stored = await append(lines.map(({ at, text }) => ({ is: 'line', at, text: safe(text) })));
      if (stored) shell.onSpooled();
      else if (!full) await gap('spool-full');
      full = !stored;
    },
    async end(): Promise<void> {
      await append([{ is: 'end', end: incomplete ? 'incomplete' : 'complete' }]);
    },
  };
}

/** What a process before this one has spooled. */
async function replay(
  log: SpoolLog,
  hear: (text: string) => void,
): Promise<{ readonly position: Position | undefined; readonly ended: boolean }> {
  let position: Position | undefined;
  let ended = false;
  for (let from = 0; from < log.size();) {
    const splitter = createLineSplitter(Infinity);
    const { text, next } = await log.read(from, replayBytes);
    if (next === from) break;
    from = next;
    for (const line of splitter.push(text)) {
      const entry = readEntry(line);
      if (entry?.is === 'end') ended = true;
      if (entry?.is !== 'line') continue;
      position = after(position, entry.at);
      hear(entry.text);
    }
  }
  return { position, ended };
}
