import { type DbtProject, parseDbtProject } from '../../contract/dbt-project.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { listAll } from '../kube/list-all.ts';
import { objectPath } from '../kube/path.ts';
import { notFound } from '../api/refusal.ts';

export interface ReadProject {
  readonly project: DbtProject;
  /** As it came: what a write sends back. */
  readonly object: unknown;
}

/** Throws a Refusal of 404, and KubeError. */
export async function readProject(kube: KubeClient, namespace: string, name: string): Promise<ReadProject> {
  try {
    const object = await kube.request({ path: objectPath('dbtprojects', namespace, name) });
    return { object, project: parseDbtProject(object) };
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) throw notFound(`Project ${name} of ${namespace}`);
    throw error;
  }
}

/** By name. Throws KubeError. */
export async function listProjects(kube: KubeClient, namespace: string): Promise<readonly DbtProject[]> {
  const items = await listAll(kube, objectPath('dbtprojects', namespace));
  return items
    .map(parseDbtProject)
    .toSorted((one, other) => one.metadata.name.localeCompare(other.metadata.name));
}
