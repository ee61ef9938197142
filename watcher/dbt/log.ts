import type { DbtSummary } from '../../contract/outcome.ts';
import { createLineSplitter } from '../lines.ts';
import type { InvocationLine } from './event.ts';
import { createInvocations, type DbtInvocation, type DbtNews, type Told } from './invocations.ts';
import { readJsonLine } from './json-line.ts';
import { type DbtNode, detached, messageLength } from './nodes.ts';
import { readOtelLine } from './otel-line.ts';
import { createTextReader, plain } from './text-line.ts';

/** What the log of one dbt container tells, all of it detail (C30). */
export interface DbtLog {
  /** Absent where dbt named no node. */
  readonly summary?: DbtSummary;
  /** The error that ended dbt before or beside its nodes; of several commands, the last one's. */
  readonly error?: string;
  /** The last line that is no event of dbt. */
  readonly lastLine?: string;
  /** One for each dbt command that printed something, in the order of their beginning. */
  readonly invocations?: readonly DbtInvocation[];
}

/** Takes the log piece by piece, cut anywhere; memory stays bounded whatever the log is. */
export interface DbtLogReader {
  push(chunk: string | Uint8Array): void;
  /** What is known by now; the line that has just begun does not count. */
  soFar(): DbtLog;
  /** What was not taken yet, of one command and at most so many of its nodes; undefined where all was. */
  news(mostNodes: number): DbtNews | undefined;
  /** After the last piece. */
  end(): DbtLog;
}

const maxLineLength = 1024 * 1024;

export function createDbtLogReader(): DbtLogReader {
  const decoder = new TextDecoder();
  const splitter = createLineSplitter(maxLineLength);
  const lines = createLineReader();
  return {
    push(chunk) {
      const piece = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      splitter.push(piece).forEach(lines.push);
    },
    soFar: lines.soFar,
    news: lines.news,
    end() {
      splitter.push(decoder.decode()).forEach(lines.push);
      const rest = splitter.rest();
      if (rest !== undefined) lines.push(rest);
      return lines.soFar();
    },
  };
}

function createLineReader() {
  const invocations = createInvocations();
  const textReader = createTextReader();
  let isStructured = false;
  let lastLine: string | undefined;

  const pushText = (line: string) => {
    const shown = plain(line).trim();
    if (shown !== '') lastLine = shown.slice(0, messageLength);
    // Words that a shell prints beside structured events are no nodes.
    if (isStructured) return;
    for (const event of textReader.push(line)) {
      if (event.kind === 'version') invocations.begin();
      invocations.add(undefined, event);
    }
  };

  return {
    push: (line: string) => {
      const told = readLine(line);
      if (told === undefined) pushText(line);
      else {
        isStructured = true;
        invocations.add(told.invocation, told.event);
      }
    },
    soFar: () => logOf(invocations.told(), lastLine),
    news: (mostNodes: number) => invocations.news(mostNodes),
  };
}

function logOf({ invocations, nodes }: Told, lastLine: string | undefined): DbtLog {
  const summary = summarize(nodes, invocations);
  const error = invocations.findLast((invocation) => invocation.error !== undefined)?.error;
  return {
    ...(summary && { summary }),
    ...(error !== undefined && { error }),
    ...(lastLine !== undefined && { lastLine: detached(lastLine) }),
    ...(invocations.length > 0 && { invocations }),
  };
}

function readLine(line: string): InvocationLine | undefined {
  if (!line.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return readJsonLine(value) ?? readOtelLine(value);
}

const failedStatuses = new Set(['error', 'fail', 'runtime error', 'partial success']);

/** Counts, failures and what was at work, of all commands together; undefined where no node is known. */
export function summarize(
  nodes: readonly DbtNode[],
  invocations: readonly DbtInvocation[],
): DbtSummary | undefined {
  if (nodes.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { status } of nodes) counts.set(status, (counts.get(status) ?? 0) + 1);
  const failed = nodes.filter(({ status }) => failedStatuses.has(status));
  const unfinished = nodes.filter(({ status }) => status === 'started');
  const elapsed = invocations.reduce((sum, { elapsedSeconds = 0 }) => sum + elapsedSeconds, 0);
  return {
    counts: Object.fromEntries(counts),
    failedNodes: failed.map(({ uniqueId, status, message = '' }) => ({ uniqueId, status, message })),
    ...(unfinished.length > 0 && { unfinishedNodes: unfinished.map(({ uniqueId }) => uniqueId) }),
    ...(elapsed > 0 && { elapsedSeconds: Math.round(elapsed * 1000) / 1000 }),
  };
}
