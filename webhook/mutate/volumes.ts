import type { DbtProject } from '../../contract/dbt-project.ts';
import { configMapMode, paths, secretMode, volumes } from '../../contract/names.ts';
import type { Injection } from './injection.ts';
import { changeDbtContainer } from './injection.ts';
import type { Pod, Volume, VolumeMount } from './pod.ts';
import { same } from './same.ts';

/**
 * The volumes of a run, and where the dbt container sees them: the user's first, then ours in the order of C11.
 *
 * Sets: spec.volumes, spec.containers[dbt].volumeMounts.
 * Leaves alone when: a volume of that name, or that very mount, is there already (another use is a problem).
 * Clause: C11, C13, C18.
 */
export function mutateVolumes(pod: Pod, injection: Injection): Pod {
  const { project } = injection;
  const own = pod.spec.volumes ?? [];
  const ours = projectVolumes(project).filter(({ name }) => !own.some((volume) => volume.name === name));
  const mounted = changeDbtContainer(pod, injection, (container) => {
    const user = container.volumeMounts ?? [];
    const added = dbtMounts(project).filter((mount) => !user.some((other) => same(other, mount)));
    return added.length === 0 ? container : { ...container, volumeMounts: [...user, ...added] };
  });
  if (ours.length === 0) return mounted;
  return { ...mounted, spec: { ...mounted.spec, volumes: [...own, ...ours] } };
}

/** Every volume that the project defines, in the order of C11. */
export function projectVolumes({ spec }: DbtProject): readonly Volume[] {
  const { repository, profiles } = spec;
  return [
    { name: volumes.repository, emptyDir: {} },
    { name: volumes.work, emptyDir: {} },
    { name: volumes.tmp, emptyDir: {} },
    ...credentialVolumes(spec.credentials),
    ...(repository.secretName === undefined ? [] : [cloneVolume(repository.url, repository.secretName)]),
    ...(repository.caBundle === undefined ? [] : [caVolume(repository.caBundle)]),
    ...(profiles === undefined
      ? []
      : [
          { name: volumes.profiles, configMap: { name: profiles.configMapName, defaultMode: configMapMode } },
        ]),
  ];
}

/** Mounts of the dbt container, in the order of C11. */
export function dbtMounts({ spec }: DbtProject): readonly VolumeMount[] {
  return [
    repositoryMount,
    workMount,
    ...spec.credentials.flatMap(({ as, secretName }, index) =>
      as === 'files'
        ? [
            {
              name: credentialVolume(index),
              mountPath: `${paths.credentials}/${secretName}`,
              readOnly: true,
            },
          ]
        : [],
    ),
    ...(spec.profiles === undefined ? [] : [profilesMount]),
  ];
}

export function gitSyncMounts({ spec }: DbtProject): readonly VolumeMount[] {
  const { secretName, caBundle } = spec.repository;
  return [
    repositoryMount,
    tmpMount,
    ...(secretName === undefined ? [] : [{ name: volumes.clone, mountPath: paths.clone, readOnly: true }]),
    ...(caBundle === undefined ? [] : [caMount]),
  ];
}

export function packagesMounts({ spec }: DbtProject): readonly VolumeMount[] {
  if (spec.packages.from !== 'install') return [repositoryMount, workMount, tmpMount];
  return [
    repositoryMount,
    workMount,
    tmpMount,
    ...(spec.repository.caBundle === undefined ? [] : [caMount]),
    ...(spec.profiles === undefined ? [] : [profilesMount]),
  ];
}

const repositoryMount: VolumeMount = { name: volumes.repository, mountPath: paths.repository };
const workMount: VolumeMount = { name: volumes.work, mountPath: paths.work };
const tmpMount: VolumeMount = { name: volumes.tmp, mountPath: paths.tmp };
const caMount: VolumeMount = { name: volumes.ca, mountPath: paths.ca, readOnly: true };
const profilesMount: VolumeMount = { name: volumes.profiles, mountPath: paths.profiles, readOnly: true };

function credentialVolume(index: number): string {
  return `${volumes.credentialsPrefix}${index}`;
}

function credentialVolumes(credentials: DbtProject['spec']['credentials']): readonly Volume[] {
  return credentials.flatMap(({ as, secretName, keys }, index) =>
    as === 'files'
      ? [
          {
            name: credentialVolume(index),
            secret: {
              secretName,
              defaultMode: secretMode,
              ...(keys === undefined ? {} : { items: keys.map(keyToPath) }),
            },
          },
        ]
      : [],
  );
}

/** Only the keys that git-sync reads: a Secret may hold more. */
function cloneVolume(url: string, secretName: string): Volume {
  const keys = url.startsWith('ssh://') ? ['ssh-privatekey', 'known_hosts'] : ['password'];
  return {
    name: volumes.clone,
    secret: { secretName, defaultMode: secretMode, items: keys.map(keyToPath) },
  };
}

function caVolume({ configMapName, key }: { readonly configMapName: string; readonly key: string }): Volume {
  const items = [{ key, path: 'ca.crt' }];
  return { name: volumes.ca, configMap: { name: configMapName, defaultMode: configMapMode, items } };
}

function keyToPath(key: string): { readonly key: string; readonly path: string } {
  return { key, path: key };
}
