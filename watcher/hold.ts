import { finalizer, ttlFloorSeconds } from '../contract/names.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import type { Job } from './kube/job.ts';
import type { Pod } from './kube/pod.ts';
import { type Holdable, otherFinalizers, runPath } from './report/annotation.ts';

/**
 * Puts our finalizer on the run, and a floor under its TTL where Job admission was not reached (C20). False where we may
 * not write, or the run has gone. Throws KubeError, a conflict too.
 */
export async function holdRun(client: KubeClient, run: Job | Pod): Promise<boolean> {
  const ttl = run.kind === 'Job' ? run.spec.ttlSecondsAfterFinished : undefined;
  const short = typeof ttl === 'number' && ttl < ttlFloorSeconds;
  try {
    await patch(client, run, [...run.metadata.finalizers, finalizer], {
      ...(short && { spec: { ttlSecondsAfterFinished: ttlFloorSeconds } }),
    });
    return true;
  } catch (error) {
    // Its outcome is told all the same; only a deletion in between would not be noticed.
    if (error instanceof KubeError && (error.status === 403 || error.status === 404)) return false;
    throw error;
  }
}

/** Takes our finalizer, and no other, from the run. Throws KubeError, a conflict too; a run that has gone is no trouble. */
export async function releaseRun(client: KubeClient, run: Holdable): Promise<void> {
  try {
    await patch(client, run, otherFinalizers(run), {});
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 404)) throw error;
  }
}

/** The list is replaced as a whole, so only of the very object that was seen. */
async function patch(
  client: KubeClient,
  run: Holdable,
  finalizers: readonly string[],
  more: object,
): Promise<void> {
  const { uid, resourceVersion } = run.metadata;
  await client.request({
    method: 'PATCH',
    path: runPath(run),
    body: { metadata: { uid, resourceVersion, finalizers }, ...more },
  });
}
