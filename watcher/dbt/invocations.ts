import type { DbtEvent } from './event.ts';
import { createNodes, type DbtNode, detached, firstWords } from './nodes.ts';

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
      else applyTo(invocation, event);
    },
    told: () => ({
      invocations: known.map((one, index) => toldOf(one, nodes.of(index))),
      nodes: nodes.latest(),
    }),
  };
}

function applyTo(known: Known, event: DbtEvent): void {
  if (event.kind === 'version') known.version ??= detached(event.version);
  if (event.kind === 'error') known.error ??= detached(firstWords(event.message));
  if (event.kind === 'elapsed') known[event.of] = event.seconds;
  if (event.kind === 'cancelled') known.cancelledQueries = true;
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
