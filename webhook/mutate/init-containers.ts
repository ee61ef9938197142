import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import { containers } from '../../contract/names.ts';
import { gitSyncContainer } from './git-sync.ts';
import type { Injection } from './injection.ts';
import { packagesContainer } from './packages.ts';
import type { Container, Pod } from './pod.ts';
import type { Settings } from './settings.ts';

/**
 * git-sync stands first and packages second at injection, the user's init containers after them in their order: what
 * those do may need the repository.
 *
 * Sets: spec.initContainers.
 * Leaves alone when: every one that the project asks for is there: another webhook may have put its own in front.
 * Clause: C14, C24, and "dbt-jobs-packages" under C19.
 */
export function mutateInitContainers(pod: Pod, injection: Injection): Pod {
  const own = pod.spec.initContainers ?? [];
  const ours = injectedContainers(pod, injection);
  if (ours.every(({ name }) => own.some((container) => container.name === name))) return pod;
  const others = own.filter(({ name }) => !isReservedContainer(name));
  return { ...pod, spec: { ...pod.spec, initContainers: [...ours, ...others] } };
}

/** The init containers that this pod gets, in their order. */
export function injectedContainers(
  pod: Pod,
  { project, plan, settings }: { project: DbtProject; plan: Plan; settings: Settings },
): readonly Container[] {
  const packages = packagesContainer(project, plan, pod.spec.securityContext);
  const gitSync = gitSyncContainer(project, plan, settings);
  return packages === undefined ? [gitSync] : [gitSync, packages];
}

export function isReservedContainer(name: string): boolean {
  return name === containers.gitSync || name === containers.packages;
}
