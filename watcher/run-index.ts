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
  /** The UID of the run that the event touches; undefined where it was forgotten. */
  onJob(event: WatchEvent<Job>): string | undefined;
  onPod(event: WatchEvent<Pod>): string | undefined;
  get(uid: string): KnownRun | undefined;
  /** For a run of which nothing more is to be told; another event brings it back. */
  forget(uid: string): void;
}

/** Of the Job that made the pod, or of the pod itself. */
export function runUidOf(pod: Pod): string {
  const owner = controllerOf(pod);
  return owner?.kind === 'Job' ? owner.uid : pod.metadata.uid;
}

export function createRunIndex(): RunIndex {
  const runs = new Map<string, { run: Job | Pod; gone: boolean }>();
  const pods = createPods();
  return {
    onJob(event) {
      const { uid } = event.object.metadata;
      const run = event.type === 'gone' ? runs.get(uid)?.run : event.object;
      if (run === undefined) return undefined;
      runs.set(uid, { run, gone: event.type === 'gone' });
      return uid;
    },
    onPod(event) {
      const { uid } = event.object.metadata;
      const pod = event.type === 'gone' ? pods.get(uid) : event.object;
      if (pod === undefined) return undefined;
      const runUid = runUidOf(pod);
      const gone = event.type === 'gone';
      if (runUid === uid) runs.set(uid, { run: pod, gone });
      // A pod of a run that is no longer here would be kept for ever.
      if (gone && !runs.has(runUid)) pods.drop(pod);
      else pods.put({ pod, gone });
      return runUid;
    },
    get(uid) {
      const known = runs.get(uid);
      if (known === undefined) return undefined;
      // Whoever makes a pod can write any owner into it; of another namespace it is none.
      const { namespace } = known.run.metadata;
      return { ...known, pods: pods.of(uid).filter(({ pod }) => pod.metadata.namespace === namespace) };
    },
    forget(uid) {
      runs.delete(uid);
      for (const { pod } of pods.of(uid)) pods.drop(pod);
    },
  };
}

function createPods() {
  const byUid = new Map<string, KnownPod>();
  const uidsOf = new Map<string, Set<string>>();
  return {
    get: (uid: string) => byUid.get(uid)?.pod,
    of: (runUid: string): KnownPod[] =>
      [...(uidsOf.get(runUid) ?? [])].flatMap((uid) => byUid.get(uid) ?? []),
    put(known: KnownPod) {
      const runUid = runUidOf(known.pod);
      const { uid } = known.pod.metadata;
      byUid.set(uid, known);
      uidsOf.set(runUid, (uidsOf.get(runUid) ?? new Set<string>()).add(uid));
    },
    drop(pod: Pod) {
      const runUid = runUidOf(pod);
      byUid.delete(pod.metadata.uid);
      uidsOf.get(runUid)?.delete(pod.metadata.uid);
      if (uidsOf.get(runUid)?.size === 0) uidsOf.delete(runUid);
    },
  };
}
