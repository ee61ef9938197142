import { type Changes, createChanges } from './changes.ts';
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
  /** At most so many nodes that are new or changed, and what is to be called once somebody has them. */
  news(invocation: number, most: number): { readonly nodes: readonly DbtNode[]; taken(): void };
  /** The first invocation that has some. */
  newsOf(): number | undefined;
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

interface OfInvocation {
  readonly nodes: Map<string, Known>;
  readonly changes: Changes<Known>;
}

export function createNodes(): Nodes {
  const byInvocation = new Map<number, OfInvocation>();
  let count = 0;
  let messagesRoom = allMessagesLength;

  const open = (invocation: number): OfInvocation => {
    const made = byInvocation.get(invocation) ?? { nodes: new Map(), changes: createChanges() };
    byInvocation.set(invocation, made);
    return made;
  };
  const find = ({ nodes }: OfInvocation, id: string): Known | undefined => {
    const known = nodes.get(id);
    if (known !== undefined || count++ >= mostNodes) return known;
    const made: Known = { ...blank, uniqueId: detached(id) };
    nodes.set(made.uniqueId, made);
    return made;
  };

  return {
    add(invocation, event) {
      const of = open(invocation);
      const node = find(of, event.node.slice(0, idLength));
      const change = node && changeOf(node, event, messagesRoom);
      if (node === undefined || change === undefined) return;
      if (event.kind === 'message') messagesRoom -= change.message?.length ?? 0;
      Object.assign(node, change);
      of.changes.touch(node);
    },
    of: (invocation) => [...(byInvocation.get(invocation)?.nodes.values() ?? [])].flatMap(told),
    news(invocation, most) {
      const oldest = open(invocation).changes.oldest(most);
      return { nodes: oldest.keys.flatMap(told), taken: () => oldest.taken() };
    },
    newsOf: () => [...byInvocation].find(([, { changes }]) => !changes.isEmpty())?.[0],
    latest() {
      const last = new Map<string, DbtNode>();
      for (const { nodes } of byInvocation.values())
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

/** What the event changes; undefined where it says nothing new. */
function changeOf(node: Known, event: NodeEvent, messagesRoom: number): Partial<Known> | undefined {
  if (event.kind === 'message') {
    return node.message === undefined
      ? { message: detached(firstWords(event.message).slice(0, messagesRoom)) }
      : undefined;
  }
  const thread = event.thread === undefined ? node.thread : detached(event.thread.slice(0, wordLength));
  const startedAt = instant(event.startedAt) ?? node.startedAt;
  // A node that has ended stays so within its command, whatever a late line of another thread says.
  if (event.kind === 'began')
    return node.status === undefined ? { status: event.status, thread, startedAt } : undefined;
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
