import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDbtLogReader, type DbtLog } from './log.ts';

const folder = join(import.meta.dirname, 'testdata');
const recorded = (name: string) => readFileSync(join(folder, name));
const recordings = z
  .record(z.string(), z.unknown())
  .parse(load(readFileSync(join(folder, 'recordings.yaml'), 'utf8')));

function read(bytes: Uint8Array, cuts: readonly number[] = []): DbtLog {
  const reader = createDbtLogReader();
  const edges = [0, ...cuts.filter((cut) => cut <= bytes.length), bytes.length].toSorted((a, b) => a - b);
  for (const [index, from] of edges.entries()) reader.push(bytes.subarray(from, edges[index + 1]));
  return reader.end();
}

/** Each node in a line: `model.shop.orders: success in 0.059 s, Thread-1 (worker), 13:33:41.627Z to 13:33:41.685Z`. */
function told(log: DbtLog): unknown {
  const { invocations = [], ...rest } = log;
  return {
    ...rest,
    commands: invocations.map(({ id, version, nodes, ...command }) => ({
      ...(id !== undefined && { hasId: true }),
      ...(version !== undefined && { version }),
      ...command,
      nodes: nodes.map((node) => {
        const took = node.seconds === undefined ? '' : ` in ${node.seconds.toFixed(2)} s`;
        const thread = node.thread === undefined ? '' : `, ${node.thread}`;
        const from = node.startedAt === undefined ? '' : `, ${node.startedAt.slice(11)}`;
        const to = node.finishedAt === undefined ? '' : ` to ${node.finishedAt.slice(11)}`;
        return `${node.uniqueId}: ${node.status}${took}${thread}${from}${to}`;
      }),
    })),
  };
}

describe('a recorded output of dbt', () => {
  it.each(Object.entries(recordings))('%s', (sentence, expected) => {
    const name = sentence.split(': ')[0] ?? '';
    expect(told(read(recorded(name)))).toEqual(expected);
  });

  it('is in the table, each of them', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const names = files.filter((name) => /\.(jsonl|txt)$/.test(name));
    expect(
      Object.keys(recordings)
        .map((sentence) => sentence.split(': ')[0])
        .toSorted(),
    ).toEqual(names.toSorted());
  });

  it.each(Object.keys(recordings))('reads the same cut anywhere: %s', (sentence) => {
    const bytes = recorded(sentence.split(': ')[0] ?? '');
    const whole = read(bytes);
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (where) => {
        expect(read(bytes, where)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });
});
