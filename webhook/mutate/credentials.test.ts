import { describe, expect, it } from 'vitest';
import { keyEnvironment, mutateCredentials } from './credentials.ts';
import type { EnvFromSource } from './pod.ts';
import { dbtContainerOf, sampleInjection, samplePod, sampleProject } from './sample.ts';

const project = sampleProject({
  credentials: [
    { secretName: 'warehouse' },
    { secretName: 'mounted', as: 'files' },
    { secretName: 'single', keys: ['USER', 'PASSWORD'] },
    { secretName: 'lake', as: 'env' },
  ],
});

const secret = (name: string): EnvFromSource => ({ secretRef: { name } });

describe('whole Secrets', () => {
  const cases: Record<string, { own?: EnvFromSource[]; mutated: EnvFromSource[] }> = {
    'are added in the order of the project': { mutated: [secret('warehouse'), secret('lake')] },
    'come before what the user has, which then wins': {
      own: [{ configMapRef: { name: 'mine' } } as EnvFromSource, secret('mine')],
      mutated: [
        secret('warehouse'),
        secret('lake'),
        { configMapRef: { name: 'mine' } } as EnvFromSource,
        secret('mine'),
      ],
    },
    'are not added twice': {
      own: [secret('mine'), secret('lake')],
      mutated: [secret('warehouse'), secret('mine'), secret('lake')],
    },
    'are added though the user has them with a prefix': {
      own: [{ prefix: 'X_', ...secret('lake') }],
      mutated: [secret('warehouse'), secret('lake'), { prefix: 'X_', ...secret('lake') }],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { own, mutated }) => {
    const envFrom = own === undefined ? {} : { envFrom: own };
    const pod = samplePod({ containers: [{ name: 'dbt', image: 'plan:current', ...envFrom }] });
    expect(dbtContainerOf(mutateCredentials(pod, sampleInjection(project))).envFrom).toEqual(mutated);
  });

  it('never reach another container', () => {
    const sidecar = { name: 'sidecar', image: 'busybox' };
    const pod = samplePod({ containers: [{ name: 'dbt' }, sidecar], initContainers: [sidecar] });
    const { spec } = mutateCredentials(pod, sampleInjection(project));
    expect([spec.containers?.[1], spec.initContainers]).toEqual([sidecar, [sidecar]]);
  });

  it('leave no empty list where the project has none', () => {
    expect(dbtContainerOf(mutateCredentials(samplePod(), sampleInjection()))).not.toHaveProperty('envFrom');
  });
});

it('listed keys are references, each by itself', () => {
  expect(keyEnvironment(project)).toEqual([
    { name: 'USER', valueFrom: { secretKeyRef: { name: 'single', key: 'USER' } } },
    { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'single', key: 'PASSWORD' } } },
  ]);
});
