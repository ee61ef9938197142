import { describe, expect, it } from 'vitest';
import type { WireNode } from '../../wire/run.ts';
import { commandName, countsInWords, inOrder } from './nodes.ts';

const node = (name: string, status: string, seconds?: number): WireNode => ({
  uniqueId: `model.shop.${name}`,
  type: 'model',
  name,
  status,
  ...(seconds === undefined ? {} : { seconds }),
});

describe('nodes', () => {
  const nodes = [
    node('a', 'success', 1),
    node('b', 'success', 9),
    node('c', 'skipped'),
    node('d', 'error', 2),
    node('e', 'started'),
    node('f', 'warn'),
  ];
  it('stand failed first, then at work, odd, left out, and good, the longest of them first', () =>
    expect(inOrder(nodes).map(({ name }) => name)).toEqual(['d', 'e', 'f', 'c', 'b', 'a']));
  it('are counted by status', () =>
    expect(countsInWords(nodes)).toBe('6 nodes: 1 error, 1 started, 1 warn, 1 skipped, 2 success'));
  it('take a status that nobody knows for odd', () =>
    expect(inOrder([node('a', 'success'), node('b', 'reused')]).map(({ name }) => name)).toEqual(['b', 'a']));
});

describe('commandName', () => {
  const command = { attempt: 'p2', execution: 0, index: 1, nodes: [] };
  const attempt = (uid: string) => ({ uid, name: uid, phase: 'Failed', createdAt: '2026-03-01T05:00:00Z' });
  it('names the attempt where there were several', () =>
    expect(commandName(command, { attempts: [attempt('p1'), attempt('p2')] })).toBe(
      'Attempt 2, dbt command 2',
    ));
  it('names only the command where there was one', () =>
    expect(commandName(command, { attempts: [attempt('p2')] })).toBe('dbt command 2'));
});
