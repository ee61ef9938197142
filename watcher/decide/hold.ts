import { finalizer } from '../../contract/names.ts';
import type { Job } from '../kube/job.ts';
import type { Pod } from '../kube/pod.ts';
import { endOf } from '../kube/job.ts';
import { hasEnded } from '../kube/pod.ts';

export interface HoldFacts {
  readonly run: Job | Pod;
  /** The run carries its outcome. */
  readonly told: boolean;
  /** Outcome and logs are safe outside the cluster, or nobody outside asks for them. */
  readonly delivered: boolean;
  /** The CronJob of the run replaces a run by the next: it waits until the old one is gone. */
  readonly replaced: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type HoldStep = 'hold' | 'release' | 'leave';

/** A verdict that nobody took by then is kept by the run's annotation and the watcher's disk alone. */
export const longestHoldMs = 3_600_000;

/**
 * Whether the run is to be held by the finalizer (C31):
 *  1. one that is deleted is let go as soon as it is told: a namespace, or whoever deletes, must not wait for more;
 *  2. one that is told and delivered is let go, and in any case an hour after its end;
 *  3. one that is not over is held, unless its CronJob replaces it;
 *  4. so is one that was over before it was seen, as long as somebody outside is still to get its outcome or its log.
 */
export function holdStep({ run, told, delivered, replaced, now }: HoldFacts): HoldStep {
  const { deletionTimestamp } = run.metadata;
  const late = now - endedAt(run) >= longestHoldMs;
  if (isHeld(run)) return (told && (delivered || deletionTimestamp)) || late ? 'release' : 'leave';
  return deletionTimestamp || told || replaced || (isOver(run) && (delivered || late)) ? 'leave' : 'hold';
}

/** When a held run is to be let go at the latest, in milliseconds from now; undefined where no time is set. */
export function releaseIn(run: Job | Pod, now: number): number | undefined {
  const at = endedAt(run) + longestHoldMs;
  return isHeld(run) && Number.isFinite(at) ? Math.max(0, at - now) : undefined;
}

export function isHeld(run: Job | Pod): boolean {
  return run.metadata.finalizers.includes(finalizer);
}

/**
 * Whether a deletion is to be taken for done although the object is still there: it waits for nothing but us. A Job's pods
 * are deleted only when the Job has gone; of a Pod, the kubelet reports its end, or never will once the grace is over.
 */
export function isLeaving(run: Job | Pod, now: number): boolean {
  const { deletionTimestamp } = run.metadata;
  if (!deletionTimestamp || !isHeld(run)) return false;
  if (run.kind === 'Job') return true;
  return hasEnded(run) || !run.spec.nodeName || now >= Date.parse(deletionTimestamp) + lateKubeletMs;
}

/** A kubelet that has ended the containers in time still has to say so. */
const lateKubeletMs = 30_000;

function isOver(run: Job | Pod): boolean {
  return run.kind === 'Job' ? endOf(run) !== undefined : hasEnded(run);
}

/** Infinity while the run is not over. */
function endedAt(run: Job | Pod): number {
  if (!isOver(run)) return Infinity;
  if (run.kind === 'Job') return Date.parse(endOf(run)?.lastTransitionTime ?? '') || 0;
  const ends = run.status.containerStatuses.map((status) =>
    Date.parse(status.state?.terminated?.finishedAt ?? ''),
  );
  return Math.max(0, ...ends.filter((at) => !Number.isNaN(at)));
}
