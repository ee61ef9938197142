import { z } from 'zod';
import { apiVersion, plural } from '../contract/names.ts';
import { type DbtProject, parseDbtProject } from '../contract/dbt-project.ts';
import { type KubeClient, KubeError } from './kube/client.ts';

export type ProjectStatus = DbtProject['status'];

export function projectPath(namespace: string, name: string): string {
  return `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}`;
}

/** The project as it is now; undefined where there is none. Throws KubeError, and for a project that is not as its CRD says. */
export async function readProject(
  client: KubeClient,
  namespace: string,
  name: string,
): Promise<DbtProject | undefined> {
  const raw = await readRaw(client, projectPath(namespace, name));
  return raw === undefined ? undefined : parseDbtProject(raw);
}

async function readRaw(client: KubeClient, path: string): Promise<unknown> {
  try {
    return await client.request({ path });
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

/** The status of the projects of this namespace is not ours to write; trying again does not help. */
export class StatusForbidden extends Error {
  override name = 'StatusForbidden';
}

const anyStatus = z.looseObject({ status: z.looseObject({}).optional() });
const mostTries = 5;

/**
 * Changes the status of the project with this UID; true where something was written. `change` gets the project as it is
 * now and is asked again after a conflict; with undefined nothing is written. Throws KubeError, and StatusForbidden.
 */
export async function changeStatus(
  client: KubeClient,
  of: DbtProject,
  change: (project: DbtProject) => Partial<ProjectStatus> | undefined,
): Promise<boolean> {
  const path = projectPath(of.metadata.namespace, of.metadata.name);
  for (let tries = 1; ; tries += 1) {
    const raw = await readRaw(client, path);
    if (raw === undefined) return false;
    const project = parseDbtProject(raw);
    const changed = project.metadata.uid === of.metadata.uid ? change(project) : undefined;
    if (changed === undefined) return false;
    const whole = anyStatus.parse(raw);
    try {
      const body = { ...whole, status: { ...whole.status, ...changed } };
      await client.request({ method: 'PUT', path: `${path}/status`, body });
      return true;
    } catch (error) {
      if (error instanceof KubeError && error.status === 403)
        throw new StatusForbidden(error.message, { cause: error });
      if (!(error instanceof KubeError && error.status === 409) || tries >= mostTries) throw error;
    }
  }
}
