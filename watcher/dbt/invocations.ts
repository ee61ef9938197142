import { type Changes, createChanges } from './changes.ts';
import type { DbtEvent } from './event.ts';
import { createNodes, type DbtNode, type Nodes, detached, firstWords } from './nodes.ts';

/** One dbt command of a run. */
export interface DbtInvocation {
  /** dbt's invocation_id; plain text has none. */
  readonly id?: string;
  readonly version?: string;
  readonly nodes: readonly DbtNode[];
  readonly elapsedSeconds?: number;
  readonly error?: string;
  /** dbt told the warehouse to cancel its queries. */
  readonly cancelledQueries?: true;
}

/** What one command has told and nobody has taken yet. */
export interface DbtNews {
  /** Of the command within the log, from 0. */
  readonly index: number;
  /** As far as it is known; its nodes are those that are new or changed. */
  readonly command: DbtInvocation;
  /** Somebody has it; what has changed meanwhile stays news. */
  taken(): void;
}

export interface Told {
  readonly invocations: readonly DbtInvocation[];
  /** The last word on each node of all of them. */
  readonly nodes: readonly DbtNode[];
}

export interface Invocations {
  /** Where there are no ids: what follows belongs to another command. */
  begin(): void;
  add(id: string | undefined, event: DbtEvent): void;
  told(): Told;
  /** Of one command, with at most so many nodes; undefined where all is taken. */
  news(mostNodes: number): DbtNews | undefined;
}

/** A run that calls dbt more often is a loop; what further commands say counts to the last of these. */
const mostInvocations = 1000;
const idLength = 64;

interface Known {
  readonly id: string | undefined;
  version?: string;
  error?: string;
  work?: number;
  command?: number;
  cancelledQueries?: true;
}

/** dbt commands by their id, in the order of their beginning; memory is bounded whatever is told. */
export function createInvocations(): Invocations {
  const nodes = createNodes();
  const known: Known[] = [];
  const indexes = new Map<string, number>();
  /** Commands of which something but a node has changed. */
  const changes = createChanges<number>();
  let isNew = true;

  const open = (id: string | undefined): number => {
    if (known.length < mostInvocations) known.push({ id: id === undefined ? undefined : detached(id) });
    const index = known.length - 1;
    if (id !== undefined && indexes.size < mostInvocations) indexes.set(detached(id), index);
    return index;
  };
  const indexOf = (id: string | undefined): number => {
    if (id !== undefined) return indexes.get(id) ?? open(id);
    if (!isNew && known.length > 0) return known.length - 1;
    isNew = false;
    return open(undefined);
  };

  return {
    begin() {
      isNew = true;
    },
    add(id, event) {
      if (event.kind === 'other') return;
      const index = indexOf(id?.slice(0, idLength));
      const invocation = known[index];
      if (invocation === undefined) return;
      if (event.kind === 'began' || event.kind === 'ended' || event.kind === 'message')
        nodes.add(index, event);
      else if (applyTo(invocation, event)) changes.touch(index);
    },
    news: (mostNodes) => newsOf(known, changes, nodes, mostNodes),
    told: () => ({
      invocations: known.map((one, index) => toldOf(one, nodes.of(index))),
      nodes: nodes.latest(),
    }),
  };
}

function newsOf(
  known: readonly Known[],
  changes: Changes<number>,
  nodes: Nodes,
  mostNodes: number,
): DbtNews | undefined {
  const own = changes.oldest(1);
  const index = own.keys[0] ?? nodes.newsOf();
  const invocation = index === undefined ? undefined : known[index];
  if (index === undefined || invocation === undefined) return undefined;
  const news = nodes.news(index, mostNodes);
  return {
    index,
    command: toldOf(invocation, news.nodes),
    taken() {
      own.taken();
      news.taken();
    },
  };
}

/** Whether it says something new. */
function applyTo(known: Known, event: DbtEvent): boolean {
  if (event.kind === 'elapsed') known[event.of] = event.seconds;
  else if (event.kind === 'cancelled') known.cancelledQueries = true;
  else if (event.kind === 'version' && known.version === undefined) known.version = detached(event.version);
  else if (event.kind === 'error' && known.error === undefined)
    known.error = detached(firstWords(event.message));
  else return false;
  return true;
}

function toldOf(
  { id, version, error, work, command, cancelledQueries }: Known,
  nodes: readonly DbtNode[],
): DbtInvocation {
  const elapsedSeconds = work ?? command;
  return {
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
    nodes,
    ...(elapsedSeconds !== undefined && { elapsedSeconds }),
    ...(error !== undefined && { error }),
    ...(cancelledQueries && { cancelledQueries }),
  };
}
