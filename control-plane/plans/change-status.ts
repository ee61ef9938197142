import { type DbtProject, parseDbtProject } from '../../contract/dbt-project.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { objectPath } from '../kube/path.ts';
import { readProject } from '../projects/read-project.ts';

export interface StatusShell {
  /** Reads. */
  readonly kube: KubeClient;
  /** Writes. */
  readonly asUser: KubeClient;
  readonly namespace: string;
  readonly name: string;
}

export interface Changed {
  readonly after: DbtProject;
  /** False: it was already as it should be. */
  readonly changed: boolean;
}

/** Other writers of the status are the watcher and pipelines: a few rounds are enough. */
const rounds = 8;

/**
 * Writes what `change` makes of the project, with the resourceVersion that it was read with; on a conflict reads it again.
 * `change` gives undefined where there is nothing to write. Throws Refusal and KubeError.
 */
export async function changeStatus(
  { kube, asUser, namespace, name }: StatusShell,
  change: (object: unknown, project: DbtProject) => object | undefined,
): Promise<Changed> {
  for (let round = 1; ; round++) {
    const { object, project } = await readProject(kube, namespace, name);
    const body = change(object, project);
    if (body === undefined) return { after: project, changed: false };
    try {
      const path = objectPath('dbtprojects', namespace, name, 'status');
      const query = { fieldManager: 'dbt-jobs-control-plane' };
      const after = await asUser.request({ method: 'PUT', path, query, body });
      return { after: parseDbtProject(after), changed: true };
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 409) || round === rounds) throw error;
    }
  }
}
