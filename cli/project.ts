import { apiVersion, plural } from '../contract/names.ts';
import { parseDbtProject, type DbtProject } from '../contract/dbt-project.ts';
import { Refused, readJson, type Send } from './api-server.ts';

/** A DbtProject's place. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

export function projectPath({ namespace, name }: Place): string {
  return `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}`;
}

/** The object as it came, for writing, and as typed, for reading. Throws Refused and Unreachable. */
export async function readProject(
  send: Send,
  place: Place,
): Promise<{ value: unknown; project: DbtProject }> {
  try {
    const { value } = await readJson(send, { method: 'GET', path: projectPath(place) });
    return { value, project: parseDbtProject(value) };
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 404) throw error;
    const hint = `kubectl get ${plural} -n ${place.namespace} lists the projects of this namespace`;
    throw new Refused(404, `${error.message}\n${hint}`);
  }
}
