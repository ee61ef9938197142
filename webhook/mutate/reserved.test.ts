import { describe, expect, it } from 'vitest';
import { problems } from '../../contract/problems.ts';
import type { Container, Pod, Volume } from './pod.ts';
import { findReservedMounts, findReservedVolumes } from './reserved.ts';
import { samplePod, sampleProject } from './sample.ts';
import { projectVolumes } from './volumes.ts';

const project = sampleProject({
  repository: {
    url: 'https://git.example.com/shop.git',
    secretName: 'clone',
    caBundle: { configMapName: 'ca' },
  },
  credentials: [{ secretName: 'key', as: 'files' }],
  profiles: { configMapName: 'profiles' },
});
const ours = projectVolumes(project);

describe('a volume of our name', () => {
  const secret = { secretName: 'key', defaultMode: 0o440 };
  const cases: Record<string, { volumes: readonly Volume[]; told: string[] }> = {
    'is no problem where it is as the project defines it': { volumes: ours, told: [] },
    'is a problem with another medium': {
      volumes: [{ name: 'dbt-jobs-work', emptyDir: { medium: 'Memory' } }],
      told: ['dbt-jobs-work'],
    },
    'is a problem where its Secret may be missing': {
      volumes: [{ name: 'dbt-jobs-credentials-0', secret: { ...secret, optional: true } } as Volume],
      told: ['dbt-jobs-credentials-0'],
    },
    'is a problem with another source': {
      volumes: [{ name: 'dbt-jobs-work', secret }],
      told: ['dbt-jobs-work'],
    },
    'is a problem with another Secret': {
      volumes: [{ name: 'dbt-jobs-credentials-0', secret: { ...secret, secretName: 'other' } }],
      told: ['dbt-jobs-credentials-0'],
    },
    'is a problem with another mode': {
      volumes: [{ name: 'dbt-jobs-credentials-0', secret: { ...secret, defaultMode: 0o444 } }],
      told: ['dbt-jobs-credentials-0'],
    },
    'is a problem with chosen keys where the project has all': {
      volumes: [{ name: 'dbt-jobs-credentials-0', secret: { ...secret, items: [{ key: 'a', path: 'a' }] } }],
      told: ['dbt-jobs-credentials-0'],
    },
    'is a problem with all keys where the project chooses': {
      volumes: [{ name: 'dbt-jobs-clone', secret: { secretName: 'clone', defaultMode: 0o440 } }],
      told: ['dbt-jobs-clone'],
    },
    'is a problem with another ConfigMap': {
      volumes: [{ name: 'dbt-jobs-profiles', configMap: { name: 'other', defaultMode: 0o444 } }],
      told: ['dbt-jobs-profiles'],
    },
    'is a problem where the project has no such volume': {
      volumes: [{ name: 'dbt-jobs-credentials-1', secret }, { name: 'dbt-jobs-' }, { name: 'mine' }],
      told: ['dbt-jobs-credentials-1', 'dbt-jobs-'],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { volumes, told }) => {
    const found = findReservedVolumes(samplePod({ volumes }), project);
    expect(found).toEqual(told.length === 0 ? [] : [problems.reservedVolumes(told)]);
  });
});

describe('a mount', () => {
  const at = (mountPath: string, name = 'mine', more: object = {}): Container => ({
    name: 'dbt',
    volumeMounts: [{ name, mountPath, ...more }],
  });
  const named = (name: string, container: Container): Container => ({ ...container, name });
  const repository = at('/dbt-jobs/repository', 'dbt-jobs-repository');
  const cases: Record<string, { pod: Pod; told: string[] }> = {
    'of our own in the dbt container is no problem': {
      pod: samplePod({ containers: [repository] }),
      told: [],
    },
    'at a path that only begins alike is no problem': {
      pod: samplePod({
        containers: [at('/dbt-jobs-mine'), at('/mine/dbt-jobs'), at('/.dbt-jobs'), at('/a..b')],
      }),
      told: [],
    },
    'in our own init containers is told elsewhere': {
      pod: samplePod({ initContainers: [named('dbt-jobs-git-sync', at('/dbt-jobs/x'))] }),
      told: [],
    },
    'of our own in another container is a problem': {
      pod: samplePod({ containers: [named('other', repository), { name: 'dbt' }] }),
      told: ['other'],
    },
    'of our own volume with another mode is a problem': {
      pod: samplePod({ containers: [at('/dbt-jobs/profiles', 'dbt-jobs-profiles')] }),
      told: ['dbt'],
    },
    'of a part of our own volume is a problem': {
      pod: samplePod({
        containers: [at('/dbt-jobs/repository', 'dbt-jobs-repository', { subPath: '.git' })],
      }),
      told: ['dbt'],
    },
    'of our own volume elsewhere is a problem': {
      pod: samplePod({ containers: [at('/mine', 'dbt-jobs-repository')] }),
      told: ['dbt'],
    },
    'at our folder is a problem': { pod: samplePod({ containers: [at('/dbt-jobs')] }), told: ['dbt'] },
    'under our folder is a problem': { pod: samplePod({ containers: [at('/dbt-jobs/x')] }), told: ['dbt'] },
    'at our folder in other words is a problem': {
      pod: samplePod({
        containers: [at('//dbt-jobs/x')],
        initContainers: [named('before', at('/./dbt-jobs')), named('above', at('/tmp/../dbt-jobs'))],
      }),
      told: ['before', 'above', 'dbt'],
    },
    'at our folder as a relative path is a problem': {
      pod: samplePod({ containers: [at('dbt-jobs/x')] }),
      told: ['dbt'],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { pod, told }) => {
    const dbt = pod.spec.containers?.find(({ name }) => name === 'dbt');
    const found = findReservedMounts(pod, project, dbt);
    expect(found).toEqual(told.length === 0 ? [] : [problems.reservedMounts(told)]);
  });

  it('of our own is a problem where the dbt container is unknown', () => {
    const pod = samplePod({ containers: [repository] });
    expect(findReservedMounts(pod, project, undefined)).toEqual([problems.reservedMounts(['dbt'])]);
  });
});
