import type { DbtProject } from '../../contract/dbt-project.ts';
import { reservedVolumePrefix } from '../../contract/names.ts';
import { problems } from '../../contract/problems.ts';
import { isReservedContainer } from './init-containers.ts';
import type { Container, Pod, VolumeMount } from './pod.ts';
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
    .filter((volume) => !ours.some((expected) => same(volume, expected)))
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
  const foreign = (pod.spec.initContainers ?? []).filter(({ name }) => !isReservedContainer(name));
  const names = [...foreign, ...(pod.spec.containers ?? [])]
    .filter((container) =>
      (container.volumeMounts ?? []).some(
        (mount) =>
          isReservedMount(mount) && !(container === dbt && ours.some((expected) => same(mount, expected))),
      ),
    )
    .map(({ name }) => name);
  return names.length > 0 ? [problems.reservedMounts(names)] : [];
}

/** The path as it was written: "//dbt-jobs" and "/./dbt-jobs" are the same folder, and ".." may lead anywhere. */
function isReservedMount({ name, mountPath }: VolumeMount): boolean {
  return (
    name.startsWith(reservedVolumePrefix) || /(^|\/)[.][.](\/|$)|^(\/|[.]\/)*dbt-jobs(\/|$)/.test(mountPath)
  );
}
