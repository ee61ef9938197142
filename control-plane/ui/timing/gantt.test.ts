import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireInvocation, WireNode } from '../../wire/run.ts';
import { ganttOf, ticksOf } from './gantt.ts';

const zero = Date.UTC(2026, 2, 1, 5);
const at = (seconds: number): string => new Date(zero + seconds * 1000).toISOString();
const node = (name: string, thread: string, from: number, to?: number): WireNode => ({
  uniqueId: `model.shop.${name}`,
  type: 'model',
  name,
  status: 'success',
  thread,
  startedAt: at(from),
  ...(to === undefined ? {} : { finishedAt: at(to) }),
});
const command = (...nodes: WireNode[]): WireInvocation => ({ attempt: 'a', execution: 0, index: 0, nodes });
const now = zero + 100_000;

describe('ganttOf', () => {
  const gantt = ganttOf(
    [
      command(node('late', 'Thread-10', 4, 10), node('a', 'Thread-2', 0, 4), node('b', 'Thread-1', 0, 3)),
      command(node('c', 'Thread-1', 12, 20)),
    ],
    now,
  );
  it('has a lane a thread and command, threads in the order of their numbers', () =>
    expect(gantt?.lanes.map(({ command: of, thread }) => `${of} ${thread}`)).toEqual([
      'dbt command 1 Thread-1',
      'dbt command 1 Thread-2',
      'dbt command 1 Thread-10',
      'dbt command 2 Thread-1',
    ]));
  it('lays bars out on one axis', () =>
    expect(
      gantt?.lanes.flatMap(({ bars }) => bars.map((bar) => [bar.node.name, bar.left, bar.width])),
    ).toEqual([
      ['b', 0, 0.15],
      ['a', 0, 0.2],
      ['late', 0.2, 0.3],
      ['c', 0.6, 0.4],
    ]));
  it('follows the critical path over all commands', () =>
    expect(gantt?.criticalPath.map((one) => one.node.name)).toEqual(['a', 'late', 'c']));
  it('lets a node that is at work reach to now', () =>
    expect(ganttOf([command(node('a', 'Thread-1', 90))], now)?.seconds).toBe(10));
  it('has nothing to lay out before a node begins', () =>
    expect(
      ganttOf([command({ uniqueId: 'model.a', type: 'model', name: 'a', status: 'skipped' })], now),
    ).toBeUndefined());

  it('has a critical path without overlaps that ends with the last node, whatever the times', () => {
    const span = fc.record({
      from: fc.integer({ min: 0, max: 50 }),
      length: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 30 }), (spans) => {
        const nodes = spans.map(({ from, length }, index) =>
          node(`n${index}`, 'Thread-1', from, from + length),
        );
        const path = ganttOf([command(...nodes)], now)?.criticalPath ?? [];
        expect(path.at(-1)?.endMs).toBe(
          Math.max(...spans.map(({ from, length }) => zero + (from + length) * 1000)),
        );
        for (const [index, one] of path.entries()) {
          expect(path[index + 1]?.startMs ?? Infinity).toBeGreaterThanOrEqual(one.endMs - 50);
        }
      }),
    );
  });
});

describe('ticksOf', () => {
  const cases: readonly (readonly [number, readonly number[]])[] = [
    [0.5, [0]],
    [6, [0, 1, 2, 3, 4, 5, 6]],
    [72, [0, 15, 30, 45, 60]],
    [4000, [0, 900, 1800, 2700, 3600]],
  ];
  for (const [seconds, ticks] of cases) {
    it(`marks ${ticks.length} round places of ${seconds} seconds`, () =>
      expect(ticksOf(seconds)).toEqual(ticks));
  }
});
