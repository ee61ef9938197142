import { z } from 'zod';
import { engines, labels } from '../../contract/names.ts';
import type { Json } from './json.ts';

/** The name that a project of another organization has for its namespace in a case. */
export const neighbour = 'neighbour';

/** What objects.yaml puts around the pod. */
export interface Surroundings {
  /** Laid over those of the case's namespace; null takes one away. */
  readonly namespaceLabels: Readonly<Record<string, string | null>>;
  /** Beside the project of project.yaml, in the namespace of the case. */
  readonly projects: readonly Json[];
  /** In the namespace of another organization. */
  readonly neighbours: readonly Json[];
  /** A `status` of theirs is written too: on an API server without controllers nobody else does. */
  readonly limits: readonly Json[];
}

export const noSurroundings: Surroundings = { namespaceLabels: {}, projects: [], neighbours: [], limits: [] };

const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a DNS label');

/** A DbtProject as a case records it: its UID too, which is the mark of its pods. */
export const projectFile = z.looseObject({
  apiVersion: z.literal('dbt-jobs.io/v1alpha1'),
  kind: z.literal('DbtProject'),
  metadata: z.strictObject({ name, uid: z.guid('must be a UID: it is the mark of the pods') }),
  spec: z.looseObject({}),
});

const object = z.discriminatedUnion('kind', [
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Namespace'),
    metadata: z.strictObject({ labels: z.record(z.string(), z.string().nullable()) }),
  }),
  z.looseObject({
    apiVersion: z.literal('v1'),
    kind: z.enum(['LimitRange', 'ResourceQuota']),
    metadata: z.strictObject({ name }),
    spec: z.looseObject({}),
  }),
  projectFile.extend({
    metadata: projectFile.shape.metadata.extend({ namespace: z.literal(neighbour).optional() }),
  }),
]);

/** What the documents of objects.yaml put around the pod, or what is wrong with them. */
export function parseSurroundings(
  documents: readonly unknown[],
): { readonly surroundings: Surroundings } | { readonly wrong: readonly string[] } {
  if (documents.length === 0) return { wrong: ['has no object'] };
  const parsed = z.array(object).safeParse(documents);
  if (!parsed.success)
    return {
      wrong: parsed.error.issues.map(
        ({ path: [index, ...path], message }) => `object ${Number(index) + 1}: ${path.join('.')}: ${message}`,
      ),
    };
  return { surroundings: parsed.data.reduce(add, noSurroundings) };
}

function add(around: Surroundings, found: z.output<typeof object>): Surroundings {
  switch (found.kind) {
    case 'Namespace':
      return { ...around, namespaceLabels: { ...around.namespaceLabels, ...found.metadata.labels } };
    case 'DbtProject':
      return found.metadata.namespace === neighbour
        ? { ...around, neighbours: [...around.neighbours, found] }
        : { ...around, projects: [...around.projects, found] };
    case 'LimitRange':
    case 'ResourceQuota':
      return { ...around, limits: [...around.limits, found] };
  }
}

/** Whether the namespace of the case names an engine that exists: none other is asked. */
export function hasEngine({ namespaceLabels }: Surroundings): boolean {
  const own = namespaceLabels[labels.engine];
  return own === undefined || engines.some((engine) => engine === own);
}
