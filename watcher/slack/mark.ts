import { z } from 'zod';
import { annotations } from '../../contract/names.ts';
import { type KubeClient, KubeError } from '../kube/client.ts';
import type { Job } from '../kube/job.ts';
import type { Pod } from '../kube/pod.ts';
import { runPath } from '../report/annotation.ts';

const shape = z.object({
  uid: z.string(),
  channel: z.string(),
  ts: z.string(),
  thread: z.string(),
});

/** The message about a run: where it is, and the first message of its incident. */
export interface Mark {
  /** As the installation names it. */
  readonly channel: string;
  readonly ts: string;
  /** The `ts` of the message that opened the incident. */
  readonly thread: string;
}

/** The mark that a run carries; undefined where it has none, or that of the run it was copied from. */
export function markOf(run: Job | Pod): Mark | undefined {
  const text = run.metadata.annotations[annotations.slack];
  if (text === undefined) return undefined;
  try {
    const { uid, ...mark } = shape.parse(JSON.parse(text));
    return uid === run.metadata.uid ? mark : undefined;
  } catch {
    return undefined;
  }
}

/** A run that is deleted needs no mark. Throws KubeError. */
export async function writeMark(client: KubeClient, run: Job | Pod, mark: Mark): Promise<void> {
  const { uid } = run.metadata;
  const text = JSON.stringify({ uid, ...mark });
  try {
    await client.request({
      method: 'PATCH',
      path: runPath(run),
      body: { metadata: { uid, annotations: { [annotations.slack]: text } } },
    });
  } catch (error) {
    // 403: the run may not be changed; 409: the name belongs to another run by now.
    if (!(error instanceof KubeError && [403, 404, 409].includes(error.status))) throw error;
  }
}
