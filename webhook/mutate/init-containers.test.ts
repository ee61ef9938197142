import { describe, expect, it } from 'vitest';
import { mutateInitContainers } from './init-containers.ts';
import type { Container } from './pod.ts';
import { sampleInjection, samplePod, sampleProject } from './sample.ts';

const gitSync = { name: 'dbt-jobs-git-sync' };
const packages = { name: 'dbt-jobs-packages' };
const first = { name: 'first' };
const second = { name: 'second', restartPolicy: 'Always' };

describe('the init containers', () => {
  const cases: Record<string, { from: string; own?: Container[]; mutated: string[] }> = {
    'are git-sync alone in a pod without any': { from: 'none', mutated: ['dbt-jobs-git-sync'] },
    'begin with git-sync': {
      from: 'none',
      own: [first, second],
      mutated: ['dbt-jobs-git-sync', 'first', 'second'],
    },
    'begin with git-sync and packages': {
      from: 'install',
      own: [first, second],
      mutated: ['dbt-jobs-git-sync', 'dbt-jobs-packages', 'first', 'second'],
    },
    'stay in their order when ours are there': {
      from: 'install',
      own: [first, gitSync, second, packages],
      mutated: ['first', 'dbt-jobs-git-sync', 'second', 'dbt-jobs-packages'],
    },
    'are injected anew when one of ours is not there': {
      from: 'install',
      own: [first, gitSync, second],
      mutated: ['dbt-jobs-git-sync', 'dbt-jobs-packages', 'first', 'second'],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { from, own, mutated }) => {
    const pod = samplePod(own === undefined ? {} : { initContainers: own });
    const injection = sampleInjection(sampleProject({ packages: { from } }));
    const names = mutateInitContainers(pod, injection).spec.initContainers?.map(({ name }) => name);
    expect(names).toEqual(mutated);
  });

  it('of the user are the same objects as before', () => {
    const mutated = mutateInitContainers(samplePod({ initContainers: [second] }), sampleInjection());
    expect(mutated.spec.initContainers?.[1]).toBe(second);
  });
});
