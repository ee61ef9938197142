import { readFileSync } from 'node:fs';
import { dump, loadAll } from 'js-yaml';
import { z } from 'zod';
import type { DbtProject } from '../contract/dbt-project.ts';
import { parseDbtProject } from '../contract/dbt-project.ts';
import { mutateJob } from '../webhook/mutate/mutate-job.ts';
import { mutatePod } from '../webhook/mutate/mutate-pod.ts';
import { projectLabel } from '../webhook/mutate/select.ts';
import { defaultSettings } from '../webhook/mutate/settings.ts';
import { isJob, isPod } from '../webhook/workload.ts';

/**
 * What `kyverno test` expects of the policies: the pods and Jobs of mutating-policy/test/resources.yaml as webhook/mutate/
 * changes them, and the first pod once more as it comes back, injected already. Both flavours are held to it.
 */
const folder = 'mutating-policy/test/';
const read = (name: string): unknown[] =>
  loadAll(readFileSync(new URL(folder + name, import.meta.url), 'utf8'));

const resource = z.looseObject({
  kind: z.enum(['Pod', 'Job']),
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
});
type Resource = z.output<typeof resource>;

const cluster = z.object({ spec: z.object({ resources: z.tuple([z.unknown()]) }) });

/** The project that the fake clusters hold. */
export function projectOfTests(): DbtProject {
  const [object] = read('cluster.yaml');
  return parseDbtProject(cluster.parse(object).spec.resources[0]);
}

/** Files of the tests that are made, relative to policies/, and their text. */
export function expectedFiles(): Readonly<Record<string, string>> {
  const project = projectOfTests();
  const changed = read('resources.yaml').map((object) => mutated(resource.parse(object), project));
  const [first] = changed;
  if (first === undefined) throw new Error(`policies/${folder}resources.yaml has no resource`);
  const copied = { ...first, metadata: { ...first.metadata, name: 'copied' } };
  return {
    [`${folder}copied.yaml`]: written([copied]),
    [`${folder}patched.yaml`]: written([...changed, copied]),
  };
}

function mutated(object: Resource, project: DbtProject): Resource {
  return resource.parse(mutatedWorkload(object, project));
}

function mutatedWorkload(object: Resource, project: DbtProject): object {
  const known = (name: string | undefined): DbtProject | undefined =>
    name === project.metadata.name ? project : undefined;
  if (object.metadata.namespace !== project.metadata.namespace) return object;
  if (object.kind === 'Pod' && isPod(object))
    return mutatePod(object, known(projectLabel(object.metadata)), defaultSettings).pod;
  if (object.kind === 'Job' && isJob(object))
    return mutateJob(object, known(projectLabel(object.spec.template.metadata))).job;
  throw new Error(`policies/${folder}resources.yaml: ${object.kind} "${object.metadata.name}" is not one`);
}

function written(objects: readonly object[]): string {
  const documents = objects.map((object) => dump(object, { lineWidth: 120, noRefs: true }));
  return `# Made by policies/generate.ts from resources.yaml and webhook/mutate/: change it there.\n${documents.join('---\n')}`;
}
