import type { DbtSummary, FailedNode } from '../../contract/outcome.ts';
import { createLineSplitter } from '../lines.ts';
import { type DbtEvent, readJsonLine } from './json-line.ts';
import { createTextReader, plain } from './text-line.ts';

/** What the log of one dbt container tells, all of it detail (C30). */
export interface DbtLog {
  /** Absent where dbt named no node. */
  readonly summary?: DbtSummary;
  /** The error that ended dbt before or beside its nodes. */
  readonly error?: string;
  /** The last line with something on it. */
  readonly lastLine?: string;
}

/** Takes the log piece by piece; memory stays bounded whatever the log is. */
export interface DbtLogReader {
  push(chunk: string): void;
  end(): DbtLog;
}

const maxLineLength = 1024 * 1024;
/** More nodes than the largest dbt projects have; further ones are not counted. */
const maxNodes = 20_000;
const maxMessageLength = 1000;
const failedStatuses = new Set(['error', 'fail', 'runtime error', 'partial success']);

interface Node {
  status?: string;
  message?: string;
}

/** The last word on a node counts: what failed and then succeeded in a retry has succeeded. */
export function createDbtLogReader(): DbtLogReader {
  const splitter = createLineSplitter(maxLineLength);
  const nodes = { json: new Map<string, Node>(), text: new Map<string, Node>() };
  const elapsed = { json: 0, text: 0 };
  const text = createTextReader();
  let format: 'json' | 'text' = 'text';
  let error: string | undefined;
  let lastLine: string | undefined;

  const apply = (event: DbtEvent, kind: 'json' | 'text') => {
    if (event.kind === 'finished') elapsed[kind] += event.elapsedSeconds;
    if (event.kind === 'error') error ??= firstWords(event.message);
    if (event.kind !== 'status' && event.kind !== 'message') return;
    const known = nodes[kind].get(event.node);
    if (known === undefined && nodes[kind].size >= maxNodes) return;
    const node = known ?? {};
    if (event.kind === 'status') node.status = event.status;
    else node.message ??= firstWords(event.message);
    nodes[kind].set(event.node, node);
  };

  const take = (line: string) => {
    const event = readJsonLine(line);
    if (event !== undefined) {
      format = 'json';
      apply(event, 'json');
      return;
    }
    const shown = plain(line).trim();
    if (shown !== '') lastLine = shown.slice(0, maxMessageLength);
    for (const found of text.push(line)) apply(found, 'text');
  };

  return {
    push: (chunk) => splitter.push(chunk).forEach(take),
    end() {
      const rest = splitter.rest();
      if (rest !== undefined) take(rest);
      const summary = summarize(nodes[format], elapsed[format]);
      return { ...(summary && { summary }), ...(error && { error }), ...(lastLine && { lastLine }) };
    },
  };
}

function summarize(nodes: ReadonlyMap<string, Node>, elapsedSeconds: number): DbtSummary | undefined {
  const counts = new Map<string, number>();
  const failedNodes: FailedNode[] = [];
  for (const [uniqueId, { status, message }] of nodes) {
    if (status === undefined) continue;
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (failedStatuses.has(status)) failedNodes.push({ uniqueId, status, message: message ?? '' });
  }
  if (counts.size === 0) return undefined;
  return {
    counts: Object.fromEntries(counts),
    failedNodes,
    ...(elapsedSeconds > 0 && { elapsedSeconds: Math.round(elapsedSeconds * 1000) / 1000 }),
  };
}

/** `Database Error in model a (path)\n  no such table` is told as `Database Error: no such table`. */
function firstWords(message: string): string {
  const lines = message
    .slice(0, 20_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first = '', second] = lines;
  const kind = first.endsWith(' Error') ? first : /^(?:\w{1,30} ){1,3}Error(?= in )/.exec(first)?.[0];
  const told = kind === undefined || second === undefined ? first : `${kind}: ${second}`;
  return told.slice(0, maxMessageLength);
}
