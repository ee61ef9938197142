import type { NodesReport, RunRef } from '../../contract/ingestion.ts';
import type { DbtNews } from '../dbt/invocations.ts';
import type { DbtNode } from '../dbt/nodes.ts';
import { shownText } from '../report/shown.ts';

/** One execution of a dbt container, and what dbt says in it that was not told yet. */
export interface NodesSource {
  readonly attempt: string;
  readonly execution: number;
  news(mostNodes: number): DbtNews | undefined;
}

/** At their longest, with every character escaped, as many as fit into a batch. */
const mostNodes = 200;
const messageBytes = 1000;
const idBytes = 512;

export interface NodesPart {
  readonly report: NodesReport;
  /** More may be waiting. */
  readonly isFull: boolean;
  taken(): void;
}

/** The next report of the source; undefined where all was told. `observedAt` is in milliseconds since the epoch. */
export function nodesPart(run: RunRef, source: NodesSource, observedAt: number): NodesPart | undefined {
  const news = source.news(mostNodes);
  if (news === undefined) return undefined;
  const { id, version, elapsedSeconds, error, nodes } = news.command;
  const report: NodesReport = {
    kind: 'nodes',
    run,
    observedAt: new Date(observedAt).toISOString(),
    attempt: source.attempt,
    execution: source.execution,
    index: news.index,
    ...(id !== undefined && { invocation: id }),
    ...(version !== undefined && { version }),
    ...(elapsedSeconds !== undefined && { elapsedSeconds }),
    ...(error !== undefined && { error: shownText(error, messageBytes) }),
    nodes: nodes.map(shownNode),
  };
  return { report, isFull: nodes.length === mostNodes, taken: () => news.taken() };
}

function shownNode({ uniqueId, message, ...rest }: DbtNode): NodesReport['nodes'][number] {
  return {
    ...rest,
    uniqueId: shownText(uniqueId, idBytes),
    ...(message !== undefined && { message: shownText(message, messageBytes) }),
  };
}
