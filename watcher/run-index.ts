import type { WatchEvent } from './cache.ts';
import type { Job } from './kube/job.ts';
import { controllerOf } from './kube/metadata.ts';
import type { Pod } from './kube/pod.ts';

/** A run as the watches have seen it. */
export interface KnownRun {
  readonly run: Job | Pod;
  readonly gone: boolean;
  /** Its pods, deleted ones too as long as the run is kept. */
  readonly pods: readonly KnownPod[];
}

interface KnownPod {
  readonly pod: Pod;
  readonly gone: boolean;
}

/** Which pods belong to which run, by UID. */
export interface RunIndex {
  /** The UID of the run that the event touches. */
  onJob(event: WatchEvent<Job>): string;
  onPod(event: WatchEvent<Pod>): string;
  get(uid: string): KnownRun | undefined;
  /** For a run that is deleted and reported. */
  forget(uid: string): void;
}

/** Of the Job that made the pod, or of the pod itself. */
export function runUidOf(pod: Pod): string {
  const owner = controllerOf(pod);
  return owner?.kind === 'Job' ? owner.uid : pod.metadata.uid;
}

export function createRunIndex(): RunIndex {
  const runs = new Map<string, { run: Job | Pod; gone: boolean }>();
  const podsOf = new Map<string, Map<string, KnownPod>>();

  const keepPod = (run: string, pod: Pod, gone: boolean) => {
    const pods = podsOf.get(run) ?? new Map<string, KnownPod>();
    // A pod of a run that is no longer here would be kept for ever.
    if (gone && !runs.has(run)) pods.delete(pod.metadata.uid);
    else pods.set(pod.metadata.uid, { pod, gone });
    if (pods.size === 0) podsOf.delete(run);
    else podsOf.set(run, pods);
  };

  return {
    onJob({ type, object }) {
      const { uid } = object.metadata;
      runs.set(uid, { run: object, gone: type === 'gone' });
      return uid;
    },
    onPod({ type, object }) {
      const gone = type === 'gone';
      const uid = runUidOf(object);
      if (uid === object.metadata.uid) runs.set(uid, { run: object, gone });
      keepPod(uid, object, gone);
      return uid;
    },
    get(uid) {
      const known = runs.get(uid);
      return known && { ...known, pods: [...(podsOf.get(uid)?.values() ?? [])] };
    },
    forget(uid) {
      runs.delete(uid);
      podsOf.delete(uid);
    },
  };
}
