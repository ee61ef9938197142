import { z } from 'zod';
import type { ClusterEnv } from '../cluster/cluster.ts';
import { kubectl } from './kubectl.ts';
import { namespace, ownership } from './manifests.ts';

export type Owner = 'nobody' | 'us' | 'somebody else';

/** Whose Kyverno a cluster has, told by its Namespace; CRDs without it came from elsewhere. */
export const ownerOf = (
  namespaceLabels: Readonly<Record<string, string>> | undefined,
  crds: readonly string[],
): Owner => {
  const [key, value] = Object.entries(ownership)[0] ?? [];
  if (key !== undefined && namespaceLabels?.[key] === value) return 'us';
  return namespaceLabels === undefined && crds.length === 0 ? 'nobody' : 'somebody else';
};

const namespaceSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
});

export const readOwner = async (env: ClusterEnv): Promise<Owner> => {
  const [found, crds] = await Promise.all([
    kubectl(env, ['get', 'namespace', namespace, '--ignore-not-found', '-o', 'json']),
    kubectl(env, ['get', 'customresourcedefinitions', '-o', 'name']),
  ]);
  const labels = found === '' ? undefined : namespaceSchema.parse(JSON.parse(found)).metadata.labels;
  return ownerOf(
    labels,
    crds.split('\n').filter((name) => name.endsWith('.kyverno.io')),
  );
};
