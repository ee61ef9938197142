import { expect, it } from 'vitest';
import { processRow } from './cluster-status.ts';
import type { MarkedProcess } from './marked-processes.ts';

const startedAt = new Date('2026-01-01T00:00:00Z');
const now = Date.parse('2026-01-01T00:01:05Z');

const cases: Record<string, [MarkedProcess, readonly [string, string, string]]> = {
  'a component that runs': [
    { pid: 7, component: 'etcd', argv: ['/cache/etcd', '--data-dir=/state'], startedAt },
    ['etcd', 'up', 'pid 7, for 1m 05s'],
  ],
  'one that is still entering its namespaces': [
    { pid: 7, component: 'etcd', argv: ['nsenter', '--target', '1', '/cache/etcd'], startedAt },
    ['etcd', 'up', 'pid 7, for 1m 05s'],
  ],
  'another component only': [
    { pid: 7, component: 'kubelet', argv: ['/cache/kubelet'], startedAt },
    ['etcd', 'down', ''],
  ],
  'a child that inherited the mark': [
    { pid: 7, component: 'etcd', argv: ['/usr/bin/helper'], startedAt },
    ['etcd', 'down', ''],
  ],
};

it.each(Object.entries(cases))('tells %s', (_name, [process, expected]) => {
  expect(processRow('etcd', [process], now)).toEqual(expected);
});
