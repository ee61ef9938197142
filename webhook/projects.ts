import type { DbtProject } from '../contract/dbt-project.ts';
import { parseDbtProject } from '../contract/dbt-project.ts';
import { apiVersion, plural } from '../contract/names.ts';
import type { ApiServer } from './api-server.ts';
import type { ProjectCache } from './project-cache.ts';

/** The project may or may not exist: it could not be read. The message is the cause, fit for a denial. */
export class ProjectUnreadable extends Error {
  override readonly name = 'ProjectUnreadable';
}

export const projectsPath = `/apis/${apiVersion}/${plural}`;

export type FindProject = (
  namespace: string,
  name: string,
  timeoutMs: number,
) => Promise<DbtProject | undefined>;

/**
 * Finds a project: in the cache while the watch behind it is alive; else, and for one that is not there, by one GET, so
 * that a project made just now is known. A cached project is better than none where that GET fails.
 *
 * Returns undefined for a project that does not exist; throws ProjectUnreadable where that cannot be told in time.
 */
export function projectFinder(api: ApiServer, cache: ProjectCache): FindProject {
  return async (namespace, name, timeoutMs) => {
    const cached = cache.find(namespace, name);
    if (cached !== undefined && cache.isFresh()) return cached;
    try {
      return await readProject(api, namespace, name, timeoutMs);
    } catch (error) {
      if (cached !== undefined && error instanceof ProjectUnreadable) return cached;
      throw error;
    }
  };
}

async function readProject(
  api: ApiServer,
  namespace: string,
  name: string,
  timeoutMs: number,
): Promise<DbtProject | undefined> {
  const path = `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}`;
  const { status, body } = await api.request({ method: 'GET', path, timeoutMs }).catch((error: unknown) => {
    throw new ProjectUnreadable(`no answer from the API server within ${timeoutMs} ms`, { cause: error });
  });
  if (status === 404) return undefined;
  if (status !== 200) throw new ProjectUnreadable(`the API server answered ${status}`);
  try {
    return parseDbtProject(body);
  } catch (error) {
    throw new ProjectUnreadable('its fields are not as the CustomResourceDefinition says', { cause: error });
  }
}
