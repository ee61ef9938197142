import { describe, expect, it } from 'vitest';
import type { Volume, VolumeMount } from './pod.ts';
import { dbtContainerOf, sampleInjection, samplePod, sampleProject } from './sample.ts';
import { mutateVolumes } from './volumes.ts';

const everything = sampleProject({
  repository: {
    url: 'https://git.example.com/shop.git',
    secretName: 'clone',
    caBundle: { configMapName: 'ca', key: 'bundle.pem' },
  },
  credentials: [
    { secretName: 'warehouse' },
    { secretName: 'key', as: 'files' },
    { secretName: 'two', as: 'files', keys: ['a.pem', 'b.pem'] },
  ],
  profiles: { configMapName: 'profiles' },
});

const basic: Volume[] = [
  { name: 'dbt-jobs-repository', emptyDir: {} },
  { name: 'dbt-jobs-work', emptyDir: {} },
  { name: 'dbt-jobs-tmp', emptyDir: {} },
];
const basicMounts: VolumeMount[] = [
  { name: 'dbt-jobs-repository', mountPath: '/dbt-jobs/repository' },
  { name: 'dbt-jobs-work', mountPath: '/dbt-jobs/work' },
];
const item = (key: string): object => ({ key, path: key });

describe('the volumes', () => {
  it('are the user’s, then ours in the order of the contract', () => {
    const pod = samplePod({ volumes: [{ name: 'mine', emptyDir: {} }] });
    expect(mutateVolumes(pod, sampleInjection(everything)).spec.volumes).toEqual([
      { name: 'mine', emptyDir: {} },
      ...basic,
      { name: 'dbt-jobs-credentials-1', secret: { secretName: 'key', defaultMode: 0o440 } },
      {
        name: 'dbt-jobs-credentials-2',
        secret: { secretName: 'two', defaultMode: 0o440, items: [item('a.pem'), item('b.pem')] },
      },
      {
        name: 'dbt-jobs-clone',
        secret: { secretName: 'clone', defaultMode: 0o440, items: [item('password')] },
      },
      {
        name: 'dbt-jobs-ca',
        configMap: { name: 'ca', defaultMode: 0o444, items: [{ key: 'bundle.pem', path: 'ca.crt' }] },
      },
      { name: 'dbt-jobs-profiles', configMap: { name: 'profiles', defaultMode: 0o444 } },
    ]);
  });

  it('for a clone over ssh hold the key and the known hosts', () => {
    const repository = { url: 'ssh://git@git.example.com/shop.git', secretName: 'clone' };
    const mutated = mutateVolumes(samplePod(), sampleInjection(sampleProject({ repository })));
    expect(mutated.spec.volumes?.at(-1)).toEqual({
      name: 'dbt-jobs-clone',
      secret: {
        secretName: 'clone',
        defaultMode: 0o440,
        items: [item('ssh-privatekey'), item('known_hosts')],
      },
    });
  });

  it('stay where they are when they are there', () => {
    const volumes = [basic[1]!, { name: 'mine', emptyDir: {} }];
    const mutated = mutateVolumes(samplePod({ volumes }), sampleInjection());
    expect(mutated.spec.volumes).toEqual([...volumes, basic[0], basic[2]]);
  });
});

describe('the mounts', () => {
  it('of the dbt container are the user’s, then ours in the order of the contract', () => {
    const mine = { name: 'mine', mountPath: '/mine' };
    const pod = samplePod({ containers: [{ name: 'dbt', volumeMounts: [mine] }] });
    expect(dbtContainerOf(mutateVolumes(pod, sampleInjection(everything))).volumeMounts).toEqual([
      mine,
      ...basicMounts,
      { name: 'dbt-jobs-credentials-1', mountPath: '/dbt-jobs/credentials/key', readOnly: true },
      { name: 'dbt-jobs-credentials-2', mountPath: '/dbt-jobs/credentials/two', readOnly: true },
      { name: 'dbt-jobs-profiles', mountPath: '/dbt-jobs/profiles', readOnly: true },
    ]);
  });

  it('stay where they are when they are there', () => {
    const volumeMounts = [basicMounts[1]!, { name: 'mine', mountPath: '/mine' }];
    const pod = samplePod({ containers: [{ name: 'dbt', volumeMounts }] });
    expect(dbtContainerOf(mutateVolumes(pod, sampleInjection())).volumeMounts).toEqual([
      ...volumeMounts,
      basicMounts[0],
    ]);
  });

  it('never show the clone’s Secret to another container than git-sync', () => {
    const pod = samplePod({ containers: [{ name: 'dbt' }, { name: 'sidecar' }] });
    const { containers } = mutateVolumes(pod, sampleInjection(everything)).spec;
    expect(JSON.stringify(containers)).not.toContain('dbt-jobs-clone');
    expect(containers?.[1]).toEqual({ name: 'sidecar' });
  });
});
