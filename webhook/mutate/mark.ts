import type { DbtProject } from '../../contract/dbt-project.ts';
import { annotations } from '../../contract/names.ts';
import type { Pod } from './pod.ts';

/**
 * The mark tells the backstop that an engine knew the project: it is set whether or not the pod has problems, and a
 * foreign one is taken away.
 *
 * Sets: metadata.annotations["dbt-jobs.io/project-uid"].
 * Leaves alone when: the project is unknown and the pod has no mark.
 * Clause: C22, C23.
 */
export function mark(pod: Pod, project: DbtProject): Pod {
  return annotate(pod, annotations.projectUid, project.metadata.uid);
}

export function unmark(pod: Pod): Pod {
  const own = pod.metadata?.annotations;
  if (own?.[annotations.projectUid] === undefined) return pod;
  const kept = Object.entries(own).filter(([name]) => name !== annotations.projectUid);
  return { ...pod, metadata: { ...pod.metadata, annotations: Object.fromEntries(kept) } };
}

export function annotate(pod: Pod, name: string, value: string): Pod {
  const own = pod.metadata?.annotations;
  if (own?.[name] === value) return pod;
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...own, [name]: value } } };
}
