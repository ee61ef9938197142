import type { NodeEvent } from './event.ts';

/** One node of an invocation, as far as dbt's output tells. */
export interface DbtNode {
  /** dbt's unique_id; in plain text the name only. */
  readonly uniqueId: string;
  /** dbt's own word; `started` where the output ended before the node did. */
  readonly status: string;
  readonly message?: string;
  readonly thread?: string;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly seconds?: number;
}

/** The nodes of one run, in the order in which dbt named them; memory is bounded whatever is told. */
export interface Nodes {
  add(invocation: number, event: NodeEvent): void;
  of(invocation: number): DbtNode[];
  /** Of all invocations, the last word on each node: what failed and then succeeded in a retry has succeeded. */
  latest(): DbtNode[];
}

/** More nodes than the largest dbt projects have; further ones are not counted. */
const mostNodes = 20_000;
export const messageLength = 1000;
const idLength = 512;
const wordLength = 64;
/** Of all messages together, in characters: a thousand nodes may each tell at length, twenty thousand briefly. */
const allMessagesLength = 4 * 1024 * 1024;

type Known = { -readonly [Key in keyof DbtNode]: DbtNode[Key] | undefined } & {
  uniqueId: string;
  failures: number | undefined;
};

export function createNodes(): Nodes {
  const byInvocation = new Map<number, Map<string, Known>>();
  let count = 0;
  let messagesLength = 0;

  const find = (invocation: number, id: string): Known | undefined => {
    const nodes = byInvocation.get(invocation) ?? new Map<string, Known>();
    const known = nodes.get(id);
    if (known !== undefined || count >= mostNodes) return known;
    const made: Known = { ...blank, uniqueId: detached(id) };
    byInvocation.set(invocation, nodes.set(made.uniqueId, made));
    count += 1;
    return made;
  };

  return {
    add(invocation, event) {
      const node = find(invocation, event.node.slice(0, idLength));
      if (node === undefined) return;
      if (event.kind !== 'message') Object.assign(node, progress(node, event));
      else if (node.message === undefined) {
        const room = Math.max(0, allMessagesLength - messagesLength);
        node.message = detached(firstWords(event.message).slice(0, room));
        messagesLength += node.message.length;
      }
    },
    of: (invocation) => [...(byInvocation.get(invocation)?.values() ?? [])].flatMap(told),
    latest() {
      const last = new Map<string, DbtNode>();
      for (const nodes of byInvocation.values())
        for (const node of nodes.values()) for (const one of told(node)) last.set(one.uniqueId, one);
      return [...last.values()];
    },
  };
}

const blank = {
  status: undefined,
  message: undefined,
  thread: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  seconds: undefined,
  failures: undefined,
};

function progress(node: Known, event: Exclude<NodeEvent, { kind: 'message' }>): Partial<Known> {
  const thread = event.thread === undefined ? node.thread : detached(event.thread.slice(0, wordLength));
  const startedAt = instant(event.startedAt) ?? node.startedAt;
  // A node that has ended stays so within its command, whatever a late line of another thread says.
  if (event.kind === 'began')
    return node.status === undefined ? { status: event.status, thread, startedAt } : {};
  const finishedAt = instant(event.finishedAt) ?? node.finishedAt;
  const { status, seconds = node.seconds, failures = node.failures } = event;
  return { status, thread, startedAt, finishedAt, seconds, failures };
}

/** A node of which only a message came has no status to tell. */
function told(node: Known): DbtNode[] {
  const { status, uniqueId, failures, message = rowsWords(status, failures), ...rest } = node;
  if (status === undefined) return [];
  const more = Object.entries({ ...rest, message }).filter(([, value]) => value !== undefined);
  return [{ ...Object.fromEntries(more), uniqueId, status }];
}

/** dbt 1 explains a failed test only at its end, and dbt 2 never. */
function rowsWords(status: string | undefined, failures: number | undefined): string | undefined {
  return status === 'fail' && failures !== undefined ? `the test found ${failures} rows` : undefined;
}

/** dbt writes UTC without saying so. */
function instant(text: string | undefined): string | undefined {
  if (text === undefined || text.length > wordLength || text === '') return undefined;
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** A part of a string keeps the whole of it in memory, which may be a line of a megabyte. */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}

/** `Database Error in model a (path)\n  no such table` is told as `Database Error: no such table`. */
export function firstWords(message: string): string {
  const lines = message
    .slice(0, 20_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first = '', second] = lines;
  const kind = first.endsWith(' Error') ? first : /^(?:\w{1,30} ){1,3}Error(?= in )/.exec(first)?.[0];
  const told = kind === undefined || second === undefined ? first : `${kind}: ${second}`;
  return told.slice(0, messageLength);
}
