import { stat } from 'node:fs/promises';
import { eventually } from '../../examples/demo/wait.ts';
import { clusterEnv, loadImages } from '../cluster/cluster.ts';
import type { ClusterEnv, Log, Settings } from '../cluster/cluster.ts';
import { buildKyverno } from './binaries.ts';
import { kubectl, listOf, tryKubectl } from './kubectl.ts';
import { imageOf, kyvernoArchive } from './kyverno-image.ts';
import { admissionControllerOf, deployment, namespace } from './manifests.ts';
import { readOwner } from './owner.ts';
import { readRelease } from './release.ts';
import type { KubernetesObject } from './release.ts';

/** A start takes some 10 s on 2 cores; this is for a machine that does much else. */
const readySeconds = 180;

/** Everything that an installation consists of, in the order in which it is applied. */
export const objectsOf = async (settings: Settings, image: string): Promise<KubernetesObject[]> =>
  admissionControllerOf(await readRelease(settings), image);

/** Server-side: the CRDs are larger than the annotation of a client-side apply may be. */
const apply = (env: ClusterEnv, objects: readonly KubernetesObject[]): Promise<string> =>
  kubectl(
    env,
    ['apply', '--server-side', '--force-conflicts', '--field-manager=dbt-jobs-test', '-f', '-'],
    listOf(objects),
  );

const rolledOut = async (env: ClusterEnv): Promise<void> => {
  const wait = ['rollout', 'status', `deployment/${deployment}`, `--timeout=${readySeconds}s`];
  const { code, stderr } = await tryKubectl(env, ['-n', namespace, ...wait]);
  if (code === 0) return;
  const pods = await tryKubectl(env, ['-n', namespace, 'get', 'pods']);
  throw new Error(
    `Kyverno is not ready after ${readySeconds} s: ${stderr.trim()}\n${pods.stdout.trim()}\n` +
      `Read: kubectl -n ${namespace} logs deployment/${deployment}\nThen install again: what is there is kept.`,
  );
};

/** Valid and matching nothing: only ever sent as a dry run, to learn whether Kyverno answers. */
const probe = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'ValidatingPolicy',
  metadata: { name: 'dbt-jobs-probe' },
  spec: {
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ['probe.dbt-jobs.io'],
          apiVersions: ['v1'],
          operations: ['CREATE'],
          resources: ['none'],
        },
      ],
    },
    validations: [{ expression: 'true' }],
  },
};

/** A ready pod registers its webhooks a moment later, and the Service reaches it a moment after that. */
const answers = (env: ClusterEnv): Promise<true> =>
  eventually("Kyverno's webhook for policies answers", readySeconds, async () => {
    const webhook = 'validatingwebhookconfigurations/kyverno-policy-validating-webhook-cfg';
    const registered = await tryKubectl(env, ['get', webhook]);
    if (registered.code !== 0) return undefined;
    const sent = await tryKubectl(env, ['create', '--dry-run=server', '-f', '-'], JSON.stringify(probe));
    return sent.code === 0 ? true : undefined;
  });

export type Installed = {
  version: string;
  image: string;
  /** Of the archive; it is not compressed. */
  imageBytes: number;
};

/**
 * Installs Kyverno's admission controller, or brings it to what it should be.
 * @throws when there is no cluster, when its Kyverno is somebody else's, or when it does not become ready.
 */
export const install = async (settings: Settings, log: Log): Promise<Installed> => {
  // Before a build of a quarter of an hour, because nothing of it would be of use.
  const env = await clusterEnv(settings);
  if ((await readOwner(env)) === 'somebody else') {
    throw new Error(
      `The cluster has a Kyverno that was not installed from here: it is left alone\n` +
        'Use it as it is, or remove it first; an own cluster: CLUSTER_NAME=dbt-jobs-kyverno make cluster',
    );
  }
  log('1/5  Binaries');
  const build = await buildKyverno(settings, log);
  const binary = build.path('kyverno');
  const image = imageOf(binary);
  log(`2/5  Image ${image}`);
  const archive = await kyvernoArchive(settings, binary);
  log('3/5  Into the node');
  await loadImages(settings, [archive], (line) => log(`     ${line}`));
  const objects = await objectsOf(settings, image);
  log(`4/5  ${objects.length} objects of Kyverno's release`);
  await apply(env, objects);
  log('5/5  Waiting until it answers');
  await rolledOut(env);
  await answers(env);
  return { version: build.version('kyverno'), image, imageBytes: (await stat(archive)).size };
};
