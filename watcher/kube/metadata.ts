import { z } from 'zod';
import { apiGroup } from '../../contract/names.ts';
import { originAnnotations } from '../../contract/trigger.ts';

const origins = new Set<string>(Object.values(originAnnotations));

/** Only our own labels and annotations are kept, and where it comes from: a cache of ten thousand Jobs must stay small. */
const ours = z
  .record(z.string(), z.string())
  .nullish()
  .transform((entries) => {
    const kept = Object.entries(entries ?? {}).filter(
      ([key]) => key.startsWith(`${apiGroup}/`) || origins.has(key),
    );
    return kept.length === 0 ? nothing : Object.fromEntries(kept);
  });
const nothing: Readonly<Record<string, string>> = {};

/** One for all objects that have none. */
const none: readonly string[] = [];

const owner = z.object({
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().nullish(),
});

export const metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  uid: z.string().min(1),
  resourceVersion: z.string(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().nullish(),
  deletionGracePeriodSeconds: z.number().nullish(),
  finalizers: z
    .array(z.string())
    .nullish()
    .transform((names) => names ?? none),
  labels: ours,
  annotations: ours,
  ownerReferences: z
    .array(owner)
    .nullish()
    .transform((owners) => owners ?? []),
});

export type Metadata = z.output<typeof metadata>;

/** What a cache needs to know of any object. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion?: string | undefined;
  };
}

export function controllerOf(object: { readonly metadata: Metadata }): z.output<typeof owner> | undefined {
  return object.metadata.ownerReferences.find((reference) => reference.controller === true);
}
