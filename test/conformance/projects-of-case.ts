import type { DbtProject } from '../../contract/dbt-project.ts';
import { parseDbtProject } from '../../contract/dbt-project.ts';
import { labels } from '../../contract/names.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import type { Case } from './read-cases.ts';

/** Every project of a case as an engine that asks no API server finds it, by its namespace and name. */
export function projectsOf(asked: Case, namespace: string): ReadonlyMap<string, DbtProject> {
  const { project, around } = asked;
  const placed = [
    ...[project, ...around.projects].map((own) => ({ own, where: namespace })),
    ...around.neighbours.map((own) => ({ own, where: `${namespace}-neighbour` })),
  ];
  return new Map(
    placed.map(({ own, where }) => {
      const parsed = parseDbtProject({
        ...own,
        metadata: {
          name: textAt(own, 'metadata', 'name'),
          uid: textAt(own, 'metadata', 'uid'),
          namespace: where,
        },
      });
      return [`${where}/${parsed.metadata.name}`, parsed];
    }),
  );
}

/** Where the pod's metadata are: its own, or those of a template. */
export const podPath: Readonly<Record<Case['kind'], readonly string[]>> = {
  Pod: [],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The label that selects the project; undefined where the pod is not ours. */
export function labelOf(asked: Case, object: Json): string | undefined {
  return textAt(object, ...podPath[asked.kind], 'metadata', 'labels', labels.project);
}
