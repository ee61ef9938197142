import type { WireInvocation, WireNode } from '../../wire/run.ts';

/** A node that has a beginning; milliseconds since the epoch. */
export interface TimedNode {
  /** Of the node in its dbt command: another command may run the same node. */
  readonly id: string;
  readonly node: WireNode;
  readonly startMs: number;
  /** Now, while it is at work. */
  readonly endMs: number;
}

export interface Bar extends TimedNode {
  /** From 0 to 1 of the whole width. */
  readonly left: number;
  readonly width: number;
  readonly critical: boolean;
}

/** What one thread of one dbt command did, in order. */
export interface Lane {
  readonly command: string;
  readonly thread: string;
  readonly bars: readonly Bar[];
}

export interface Gantt {
  readonly startMs: number;
  readonly seconds: number;
  readonly lanes: readonly Lane[];
  /** The chain of nodes that made the run as long as it was, the first first. */
  readonly criticalPath: readonly TimedNode[];
}

/** Lays out all dbt commands of a run on one axis, a lane a thread. Undefined where no node has begun. */
export function ganttOf(invocations: readonly WireInvocation[], nowMs: number): Gantt | undefined {
  const timed = invocations.map(({ nodes }, index) => timedNodes(nodes, index, nowMs));
  const all = timed.flat();
  if (all.length === 0) return undefined;
  const startMs = Math.min(...all.map((one) => one.startMs));
  const spanMs = Math.max(1, Math.max(...all.map((one) => one.endMs)) - startMs);
  const criticalPath = criticalPathOf(all);
  const critical = new Set(criticalPath);
  const bar = (one: TimedNode): Bar => ({
    ...one,
    left: (one.startMs - startMs) / spanMs,
    width: (one.endMs - one.startMs) / spanMs,
    critical: critical.has(one),
  });
  const lanes = timed.flatMap((nodes, index) =>
    threadsOf(nodes).map(([thread, of]) => ({
      command: `dbt command ${index + 1}`,
      thread,
      bars: of.map(bar),
    })),
  );
  return { startMs, seconds: spanMs / 1000, lanes, criticalPath };
}

function timedNodes(nodes: readonly WireNode[], command: number, nowMs: number): readonly TimedNode[] {
  return nodes.flatMap((node) => {
    if (node.startedAt === undefined) return [];
    const startMs = Date.parse(node.startedAt);
    const endMs = node.finishedAt === undefined ? nowMs : Date.parse(node.finishedAt);
    return [{ id: `${command} ${node.uniqueId}`, node, startMs, endMs: Math.max(startMs, endMs) }];
  });
}

/** `Thread-2` before `Thread-10`. */
function threadsOf(nodes: readonly TimedNode[]): readonly (readonly [string, readonly TimedNode[]])[] {
  const threads = Map.groupBy(nodes, ({ node }) => node.thread ?? 'thread unknown');
  return [...threads]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([thread, of]) => [thread, of.toSorted((a, b) => a.startMs - b.startMs)]);
}

/** dbt begins a node within this after the last one that it waited for. */
const toleranceMs = 50;

/**
 * From the node that ended last, back to the one whose end let it begin, and so on. dbt's log does not say what a node
 * waited for, another node or a free thread; either way it began when the latest of those before it ended.
 */
function criticalPathOf(nodes: readonly TimedNode[]): readonly TimedNode[] {
  const byEnd = nodes.toSorted((a, b) => b.endMs - a.endMs || b.startMs - a.startMs);
  const path: TimedNode[] = [];
  let next = 0;
  while (next !== -1) {
    const node = byEnd[next];
    if (node === undefined) break;
    path.unshift(node);
    // Behind `next` in the order of ends: a node of no length cannot come before itself.
    next = byEnd.findIndex((one, index) => index > next && one.endMs <= node.startMs + toleranceMs);
  }
  return path;
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400,
] as const;
const mostTicks = 6;

/** Round seconds for the axis. */
export function ticksOf(seconds: number): readonly number[] {
  const step =
    steps.find((one) => seconds / one <= mostTicks) ?? Math.ceil(seconds / mostTicks / 86_400) * 86_400;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}
