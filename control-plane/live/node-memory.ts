import type { WireInvocation, WireNode } from '../wire/run.ts';

export interface NodesEvent {
  readonly attempt: string;
  readonly execution: number;
  readonly index: number;
  readonly nodes: readonly WireNode[];
}

export interface NodeMemory {
  /** The nodes that are new or differ from when they were told last, by their command. */
  changed(invocations: readonly WireInvocation[]): readonly NodesEvent[];
}

/** Nodes an event: some hundred kB. */
const nodesAtOnce = 500;

/** What a reader was told of the nodes of a run. */
export function createNodeMemory(): NodeMemory {
  const told = new Map<string, string>();
  return {
    changed: (invocations) =>
      invocations.flatMap(({ attempt, execution, index, nodes }) => {
        const place = { attempt, execution, index };
        const fresh = nodes.filter((node) => {
          const key = `${attempt} ${execution} ${index} ${node.uniqueId}`;
          const now = `${node.status} ${node.finishedAt ?? ''} ${node.seconds ?? ''}`;
          if (told.get(key) === now) return false;
          told.set(key, now);
          return true;
        });
        return chunks(fresh).map((some) => ({ ...place, nodes: some }));
      }),
  };
}

function chunks(nodes: readonly WireNode[]): readonly (readonly WireNode[])[] {
  const count = Math.ceil(nodes.length / nodesAtOnce);
  return Array.from({ length: count }, (_, at) => nodes.slice(at * nodesAtOnce, (at + 1) * nodesAtOnce));
}
