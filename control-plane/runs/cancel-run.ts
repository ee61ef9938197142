import { cancelPatch } from '../../contract/cancel.ts';
import type { KubeClient } from '../kube/client.ts';
import { objectPath } from '../kube/path.ts';
import { type LiveRun, parseLiveJob, parseLivePod } from './live-run.ts';

/** Ends a run that is at work (C32), and gives it as it is then. Throws KubeError: 409 where its name is another's by now. */
export async function cancelRun(asUser: KubeClient, live: LiveRun, by: string): Promise<LiveRun> {
  const { namespace, name, uid } = live.metadata;
  const path = objectPath(live.kind === 'Job' ? 'jobs' : 'pods', namespace, name);
  const query = { fieldManager: 'dbt-jobs-control-plane' };
  const patched = await asUser.request({ method: 'PATCH', path, query, body: cancelPatch(uid, by) });
  if (live.suspended) {
    const body = { propagationPolicy: 'Background', preconditions: { uid } };
    await asUser.request({ method: 'DELETE', path, body });
  }
  return live.kind === 'Job' ? parseLiveJob(patched) : parseLivePod(patched);
}
