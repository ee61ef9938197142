import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NodesReport, RunRef } from '../../contract/ingestion.ts';
import { createDbtLogReader } from '../dbt/log.ts';
import { nodesPart } from './nodes-part.ts';

const run: RunRef = { uid: 'a', kind: 'Job', namespace: 'shop', name: 'a', project: 'shop' };
const folder = join(import.meta.dirname, '../dbt/testdata');
const recordings = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(jsonl|txt)$/.test(name),
);

/** Every report of a log that is read in pieces; a report that was not taken comes again with what is new. */
function tell(text: string, cuts: readonly number[], refused: readonly boolean[]) {
  const reader = createDbtLogReader();
  const told: NodesReport[] = [];
  let count = 0;
  const drain = (isLast: boolean) => {
    for (;;) {
      const part = nodesPart(
        run,
        { attempt: 'pod', execution: 0, news: (most) => reader.news(most) },
        Date.parse('2026-11-23T02:00:00Z') + count,
      );
      if (part === undefined) return;
      told.push(part.report);
      count += 1;
      if (!isLast && refused[count % refused.length]) return;
      part.taken();
    }
  };
  const edges = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted((a, b) => a - b);
  for (const [index, from] of edges.entries()) {
    reader.push(text.slice(from, edges[index + 1]));
    drain(false);
  }
  const log = reader.end();
  drain(true);
  return { told, log };
}

/** What the contract asks of whoever keeps the reports. */
function fold(reports: readonly NodesReport[]) {
  const commands = new Map<number, NodesReport>();
  const nodes = new Map<number, Map<string, { at: string; node: NodesReport['nodes'][number] }>>();
  for (const report of reports) {
    const known = commands.get(report.index);
    if (known === undefined || known.observedAt < report.observedAt) commands.set(report.index, report);
    const ofCommand =
      nodes.get(report.index) ?? new Map<string, { at: string; node: NodesReport['nodes'][number] }>();
    nodes.set(report.index, ofCommand);
    for (const node of report.nodes) {
      const before = ofCommand.get(node.uniqueId);
      if (before === undefined || before.at < report.observedAt)
        ofCommand.set(node.uniqueId, { at: report.observedAt, node });
    }
  }
  return [...commands.values()]
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, invocation, version, elapsedSeconds, error }) => ({
      id: invocation,
      version,
      elapsedSeconds,
      error,
      nodes: sorted([...(nodes.get(index)?.values() ?? [])].map(({ node }) => node)),
    }));
}

function sorted<T extends { readonly uniqueId: string }>(nodes: readonly T[]): T[] {
  return nodes.toSorted((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1));
}

const oneLine = (text: string | undefined) => text?.replaceAll(/\p{Cc}+/gu, ' ').trim();

describe('the reports about the nodes of a log', () => {
  it.each(recordings)('folded in any order, with repeats, are what dbt told: %s', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const cuts = fc.array(fc.nat(), { maxLength: 12 });
    const refused = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cuts, refused, fc.infiniteStream(fc.nat()), (where, no, order) => {
        const { told, log } = tell(text, where, no);
        const twice = [...told, ...told]
          .map((report) => ({ report, rank: z.number().parse(order.next().value) }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ report }) => report);
        expect(fold(twice)).toEqual(
          (log.invocations ?? []).map(({ id, version, elapsedSeconds, error, nodes }) => ({
            id,
            version,
            elapsedSeconds,
            error: oneLine(error),
            nodes: sorted(nodes).map((node) => ({
              ...node,
              ...(node.message !== undefined && { message: oneLine(node.message) }),
            })),
          })),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('name the nodes that are new or changed, and at most so many', () => {
    const line = (id: number, status: string) =>
      `${JSON.stringify({ info: { name: status === 'started' ? 'NodeStart' : 'NodeFinished', msg: '' }, data: { node_info: { unique_id: `model.${id}`, node_status: status } } })}\n`;
    const reader = createDbtLogReader();
    const next = () => {
      const part = nodesPart(run, { attempt: 'pod', execution: 0, news: (most) => reader.news(most) }, 0);
      part?.taken();
      return part?.report.nodes.map(({ uniqueId, status }) => `${uniqueId} ${status}`);
    };
    for (let id = 0; id < 250; id += 1) reader.push(line(id, 'started'));
    expect([next()?.length, next()?.length, next()]).toEqual([200, 50, undefined]);
    reader.push(line(7, 'success'));
    expect([next(), next()]).toEqual([['model.7 success'], undefined]);
  });
});
