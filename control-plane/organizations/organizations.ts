import { z } from 'zod';
import type { FoundOrganization } from '../api/permit.ts';
import { engines, labels } from '../../contract/names.ts';
import { remember } from '../identity/remember.ts';
import type { KubeClient } from '../kube/client.ts';
import { listAll } from '../kube/list-all.ts';

/** How long a namespace that was given to an engine, or taken from it, is still seen as it was, ms. */
const rememberMs = 5000;

const namespace = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.object({ [labels.engine]: z.enum(engines) }),
  }),
});

export interface Organizations {
  /** By name. Throws KubeError. */
  all(): Promise<readonly FoundOrganization[]>;
  find(name: string): Promise<FoundOrganization | undefined>;
}

/** The namespaces with an engine in charge (C28). A label that names none is no organization's. */
export function createOrganizations(shell: { readonly kube: KubeClient; now(): number }): Organizations {
  const known = remember<readonly FoundOrganization[]>({
    forMs: rememberMs,
    most: 1,
    now: () => shell.now(),
  });
  const all = () =>
    known('all', async () => {
      const items = await listAll(shell.kube, '/api/v1/namespaces', { labelSelector: labels.engine });
      return items
        .flatMap((item) => namespace.safeParse(item).data ?? [])
        .map(({ metadata }) => ({ name: metadata.name, engine: metadata.labels[labels.engine] }))
        .toSorted((one, other) => one.name.localeCompare(other.name));
    });
  return { all, find: async (name) => (await all()).find((one) => one.name === name) };
}
