import type { WireInvocation, WireNode } from '../../wire/run.ts';

interface Invocations {
  readonly invocations: readonly WireInvocation[];
}

interface NodesEvent {
  readonly attempt: string;
  readonly execution: number;
  readonly index: number;
  readonly nodes: readonly WireNode[];
}

/** Puts what an event says of nodes into their dbt command, which it begins where it is new. */
export function foldNodes<Known extends Invocations>(known: Known, event: NodesEvent): Known {
  const { attempt, execution, index } = event;
  const isIts = (one: WireInvocation): boolean =>
    one.attempt === attempt && one.execution === execution && one.index === index;
  const its = known.invocations.find(isIts) ?? { attempt, execution, index, nodes: [] };
  const next = { ...its, nodes: merged(its.nodes, event.nodes) };
  const invocations = known.invocations.some(isIts)
    ? known.invocations.map((one) => (isIts(one) ? next : one))
    : [...known.invocations, next];
  return { ...known, invocations };
}

function merged(nodes: readonly WireNode[], changed: readonly WireNode[]): WireNode[] {
  const byId = new Map(nodes.map((node) => [node.uniqueId, node]));
  for (const node of changed) byId.set(node.uniqueId, node);
  return [...byId.values()];
}
