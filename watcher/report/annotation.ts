import { annotations, finalizer } from '../../contract/names.ts';
import { type Outcome, type OutcomeReason, outcomeReasons } from '../../contract/outcome.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Job } from '../kube/job.ts';
import type { Metadata } from '../kube/metadata.ts';
import type { Pod } from '../kube/pod.ts';
import { z } from 'zod';

const outcomeShape = z.object({
  uid: z.string(),
  result: z.enum(['succeeded', 'failed', 'cancelled', 'unknown']),
  reason: z.string().refine((reason) => Object.hasOwn(outcomeReasons, reason)),
  message: z.string(),
  container: z.string().optional(),
  exitCode: z.number().optional(),
  dbt: z
    .object({
      counts: z.record(z.string(), z.number()),
      failedNodes: z.array(z.object({ uniqueId: z.string(), status: z.string(), message: z.string() })),
      unfinishedNodes: z.array(z.string()).optional(),
      elapsedSeconds: z.number().optional(),
    })
    .optional(),
});

/**
 * The outcome that a run carries; undefined where it has none, one that cannot be read, or that of another run: a Job
 * that was copied with all its annotations is a new run.
 */
export function annotatedOutcome(run: Job | Pod): Outcome | undefined {
  const text = run.metadata.annotations[annotations.outcome];
  if (text === undefined) return undefined;
  try {
    const { uid, dbt, container, exitCode, ...rest } = outcomeShape.parse(JSON.parse(text));
    if (uid !== run.metadata.uid) return undefined;
    const { elapsedSeconds, unfinishedNodes, ...summary } = dbt ?? { counts: {}, failedNodes: [] };
    return {
      ...rest,
      reason: reasonOf(rest.reason),
      ...(container !== undefined && { container }),
      ...(exitCode !== undefined && { exitCode }),
      ...(dbt && {
        dbt: {
          ...summary,
          ...(unfinishedNodes && { unfinishedNodes }),
          ...(elapsedSeconds !== undefined && { elapsedSeconds }),
        },
      }),
    };
  } catch {
    return undefined;
  }
}

function reasonOf(text: string): OutcomeReason {
  return isReason(text) ? text : 'Unknown';
}

function isReason(text: string): text is OutcomeReason {
  return Object.hasOwn(outcomeReasons, text);
}

/** What is written with the outcome: nothing more, the end of the run, or the end or beginning of its hold. */
export type Ending = 'has-ended' | 'end-it' | 'release-it' | 'hold-it';

/**
 * Writes the outcome onto the very object that it was decided for: another UID or a newer version is a conflict, and the
 * verdict is then made anew. `end-it` ends the run by its deadline, `release-it` takes our finalizer and `hold-it` sets it, in
 * the same write, so that neither comes alone.
 * Throws KubeError.
 */
export async function annotateOutcome(
  client: KubeClient,
  run: Job | Pod,
  outcome: Outcome,
  ending: Ending,
): Promise<void> {
  const { uid, resourceVersion } = run.metadata;
  await client.request({
    method: 'PATCH',
    path: runPath(run),
    body: {
      metadata: {
        uid,
        resourceVersion,
        annotations: { [annotations.outcome]: outcomeText(uid, outcome) },
        ...(ending === 'release-it' && { finalizers: otherFinalizers(run) }),
        ...(ending === 'hold-it' && { finalizers: [...otherFinalizers(run), finalizer] }),
      },
      ...(ending === 'end-it' && { spec: { activeDeadlineSeconds: 1 } }),
    },
  });
}

/** What names an object and says who holds it. */
export interface Holdable {
  readonly kind: 'Job' | 'Pod';
  readonly metadata: Pick<Metadata, 'namespace' | 'name' | 'uid' | 'resourceVersion' | 'finalizers'>;
}

export function otherFinalizers(run: Holdable): readonly string[] {
  return run.metadata.finalizers.filter((name) => name !== finalizer);
}

/** The value of the annotation: the Outcome, and `uid` of the run that it belongs to. */
export function outcomeText(uid: string, outcome: Outcome): string {
  return JSON.stringify({ ...outcome, uid });
}

export function runPath(run: Holdable): string {
  const { namespace, name } = run.metadata;
  return run.kind === 'Job'
    ? `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`
    : `/api/v1/namespaces/${namespace}/pods/${name}`;
}
