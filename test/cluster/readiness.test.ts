import { expect, it } from 'vitest';
import { nodeIsReady } from './readiness.ts';

const since = new Date('2026-01-01T00:00:10.400Z');

const node = (status: string, lastHeartbeatTime: string, taints?: readonly unknown[]): unknown => ({
  spec: taints ? { taints } : {},
  status: {
    conditions: [
      { type: 'MemoryPressure', status: 'False', lastHeartbeatTime },
      { type: 'Ready', status, lastHeartbeatTime },
    ],
  },
});

const cases: Record<string, [unknown, boolean]> = {
  'a node that reports Ready is ready': [node('True', '2026-01-01T00:00:11Z'), true],
  'a report of the same second counts': [node('True', '2026-01-01T00:00:10Z'), true],
  'the report of a killed kubelet does not count': [node('True', '2026-01-01T00:00:09Z'), false],
  'a node that is not ready is not': [node('False', '2026-01-01T00:00:11Z'), false],
  'a taint still keeps pods away': [
    node('True', '2026-01-01T00:00:11Z', [{ key: 'node.kubernetes.io/not-ready' }]),
    false,
  ],
  'a node that has not reported is not ready': [{ spec: {}, status: {} }, false],
  'an answer that is no node is not ready': [{ kind: 'Status' }, false],
};

it.each(Object.entries(cases))('%s', (_name, [body, expected]) => {
  expect(nodeIsReady(body, since)).toBe(expected);
});
