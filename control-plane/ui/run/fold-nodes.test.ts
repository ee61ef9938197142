import { describe, expect, it } from 'vitest';
import type { WireNode } from '../../wire/run.ts';
import { foldNodes } from './fold-nodes.ts';

const node = (name: string, status: string): WireNode => ({
  uniqueId: `model.shop.${name}`,
  type: 'model',
  name,
  status,
});
const command = (attempt: string, ...nodes: WireNode[]) => ({ attempt, execution: 0, index: 0, nodes });

describe('foldNodes', () => {
  it('changes the nodes it knows, where they stand, and adds the others', () =>
    expect(
      foldNodes(
        { invocations: [command('a1', node('x', 'started'), node('y', 'success'))] },
        command('a1', node('x', 'error'), node('z', 'started')),
      ),
    ).toEqual({
      invocations: [command('a1', node('x', 'error'), node('y', 'success'), node('z', 'started'))],
    }));
  it('begins a dbt command that it does not know', () =>
    expect(foldNodes({ invocations: [command('a1')] }, command('a2', node('x', 'started')))).toEqual({
      invocations: [command('a1'), command('a2', node('x', 'started'))],
    }));
});
