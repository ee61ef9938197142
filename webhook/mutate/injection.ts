import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import { paths } from '../../contract/names.ts';
import type { Container, Pod } from './pod.ts';
import type { Settings } from './settings.ts';

/** What is known of a pod without problems; every mutation reads it and none changes it. */
export interface Injection {
  readonly project: DbtProject;
  readonly plan: Plan;
  /** Name of the dbt container. */
  readonly container: string;
  readonly settings: Settings;
}

/** One named change: returns another pod, never changes the one it is given. */
export type Mutation = (pod: Pod, injection: Injection) => Pod;

/** The pod with `change` made to its dbt container; every other container is the same object as before. */
export function changeDbtContainer(
  pod: Pod,
  injection: Injection,
  change: (container: Container) => Container,
): Pod {
  const containers = (pod.spec.containers ?? []).map((container) =>
    container.name === injection.container ? change(container) : container,
  );
  return { ...pod, spec: { ...pod.spec, containers } };
}

/** Folder of the dbt project in the pod. */
export function projectFolder({ spec }: DbtProject): string {
  const { subdirectory } = spec.repository;
  return subdirectory === undefined ? paths.checkout : `${paths.checkout}/${subdirectory}`;
}
