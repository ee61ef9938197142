import type { DbtProject } from '../../contract/dbt-project.ts';
import { annotations } from '../../contract/names.ts';
import type { ObjectMeta, Pod } from './pod.ts';

/** A Pod, Job or CronJob. */
interface Marked {
  readonly metadata?: ObjectMeta;
}

/**
 * The mark tells the backstop that an engine knew the project: it is set whether or not the pod has problems, and a
 * foreign one is taken away. On a Job or CronJob it only spares a warning.
 *
 * Sets: metadata.annotations["dbt-jobs.io/project-uid"].
 * Leaves alone when: the project is unknown and the pod has no mark.
 * Clause: C20, C22, C23.
 */
export function mark<T extends Marked>(object: T, project: DbtProject): T {
  return annotate(object, annotations.projectUid, project.metadata.uid);
}

export function unmark(pod: Pod): Pod {
  const own = pod.metadata?.annotations;
  if (own?.[annotations.projectUid] === undefined) return pod;
  const kept = Object.entries(own).filter(([name]) => name !== annotations.projectUid);
  return { ...pod, metadata: { ...pod.metadata, annotations: Object.fromEntries(kept) } };
}

export function annotate<T extends Marked>(object: T, name: string, value: string): T {
  const own = object.metadata?.annotations;
  if (own?.[name] === value) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...own, [name]: value } } };
}
