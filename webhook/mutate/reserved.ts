import type { DbtProject } from '../../contract/dbt-project.ts';
import { reservedVolumePrefix } from '../../contract/names.ts';
import { problems } from '../../contract/problems.ts';
import { isReservedContainer } from './init-containers.ts';
import type { Container, Pod, Volume, VolumeMount } from './pod.ts';
import { same } from './same.ts';
import { dbtMounts, projectVolumes } from './volumes.ts';

/**
 * Volumes named dbt-jobs-* and paths under /dbt-jobs/ are ours: any other use of them is a problem.
 *
 * Sets: nothing.
 * Leaves alone when: a volume, or a mount of the dbt container, is what the project defines: the pod was injected before.
 * Clause: C11.
 */
export function findReservedVolumes(pod: Pod, project: DbtProject): readonly string[] {
  const ours = projectVolumes(project);
  const names = (pod.spec.volumes ?? [])
    .filter(({ name }) => name.startsWith(reservedVolumePrefix))
    .filter((volume) => !ours.some((expected) => isSameVolume(volume, expected)))
    .map(({ name }) => name);
  return names.length > 0 ? [problems.reservedVolumes(names)] : [];
}

/** Our own init containers are left out: findProblems tells of those that are not what the project defines. */
export function findReservedMounts(
  pod: Pod,
  project: DbtProject,
  dbt: Container | undefined,
): readonly string[] {
  const ours = dbtMounts(project);
  const names = [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])]
    .filter(({ name }) => !isReservedContainer(name))
    .filter((container) =>
      (container.volumeMounts ?? []).some(
        (mount) =>
          isReservedMount(mount) && !(container === dbt && ours.some((expected) => same(mount, expected))),
      ),
    )
    .map(({ name }) => name);
  return names.length > 0 ? [problems.reservedMounts(names)] : [];
}

/** By what the project says of a volume: the API server fills other fields with defaults. */
function isSameVolume(volume: Volume, expected: Volume): boolean {
  if (volume.name !== expected.name) return false;
  if (expected.emptyDir !== undefined) return volume.emptyDir !== undefined;
  if (expected.secret !== undefined) {
    const { secretName, items, defaultMode } = volume.secret ?? {};
    return same({ secretName, items, defaultMode }, expected.secret);
  }
  const { name, items, defaultMode } = volume.configMap ?? {};
  return same({ name, items, defaultMode }, expected.configMap);
}

/** The path is checked before the API server cleans it: "//dbt-jobs" and "/./dbt-jobs" are the same folder. */
function isReservedMount({ name, mountPath }: VolumeMount): boolean {
  return name.startsWith(reservedVolumePrefix) || /^[/.]*dbt-jobs(\/|$)/.test(mountPath);
}
