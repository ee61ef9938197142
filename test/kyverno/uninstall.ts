import { clusterEnv } from '../cluster/cluster.ts';
import type { ClusterEnv, Log, Settings } from '../cluster/cluster.ts';
import { objectsOf } from './install.ts';
import { kubectl, listOf } from './kubectl.ts';
import { deployment, namespace } from './manifests.ts';
import { readOwner } from './owner.ts';
import type { KubernetesObject } from './release.ts';

const deadline = '--timeout=120s';

const remove = (env: ClusterEnv, objects: readonly KubernetesObject[]): Promise<string> =>
  kubectl(env, ['delete', '--ignore-not-found', deadline, '-f', '-'], listOf(objects));

/** The controller would make its webhooks again; foreground: until its pod is gone. */
const removeController = (env: ClusterEnv): Promise<string> =>
  kubectl(env, [
    'delete',
    'deployment',
    deployment,
    '-n',
    namespace,
    '--ignore-not-found',
    '--cascade=foreground',
    deadline,
  ]);

/** Left alone they would refuse what nobody answers for any more. */
const removeWebhooks = (env: ClusterEnv): Promise<string> =>
  kubectl(env, [
    'delete',
    'mutatingwebhookconfigurations,validatingwebhookconfigurations',
    '-l',
    'webhook.kyverno.io/managed-by=kyverno',
    '--ignore-not-found',
    deadline,
  ]);

/**
 * Removes what `install` made, every policy of the cluster with the CRDs, and the webhooks that Kyverno registered.
 * The Namespace goes last: an uninstall that was interrupted knows by it that the rest is ours.
 * @returns whether there was anything to remove.
 * @throws when the cluster's Kyverno is somebody else's.
 */
export const uninstall = async (settings: Settings, log: Log): Promise<boolean> => {
  const env = await clusterEnv(settings);
  const owner = await readOwner(env);
  if (owner === 'nobody') return false;
  if (owner === 'somebody else')
    throw new Error(
      'The cluster has a Kyverno that was not installed from here: it is left alone\nRemove it the way it was installed.',
    );
  const objects = await objectsOf(settings, 'none');
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
  log('1/3  The controller, then its webhooks');
  await removeController(env);
  await removeWebhooks(env);
  log('2/3  CRDs with every policy, roles');
  await remove(
    env,
    objects.filter((object) => !namespaces.includes(object)),
  );
  log('3/3  The namespace');
  await remove(env, namespaces);
  return true;
};
