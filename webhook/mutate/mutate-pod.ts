import type { DbtProject } from '../../contract/dbt-project.ts';
import { annotations } from '../../contract/names.ts';
import { problems } from '../../contract/problems.ts';
import { mutateCredentials } from './credentials.ts';
import { findProblems, usablePlan } from './find-problems.ts';
import { mutateWorkingDirectory } from './git-sync.ts';
import { mutateInitContainers } from './init-containers.ts';
import type { Mutation } from './injection.ts';
import { annotate, mark, unmark } from './mark.ts';
import { mutatePlanImage } from './plan-image.ts';
import type { Pod } from './pod.ts';
import { passPodSecurity } from './pod-security.ts';
import { mutatePosture } from './posture.ts';
import { mutateResources } from './resources.ts';
import { chooseContainer, projectLabel } from './select.ts';
import type { Settings } from './settings.ts';
import { mutateVolumes } from './volumes.ts';

/** The pod as it is to be, and the problems that kept it from being injected. */
export interface MutatedPod {
  readonly pod: Pod;
  readonly problems: readonly string[];
}

/** Everything that happens to a pod; none of these sees what another has yet to do. */
const mutations: readonly Mutation[] = [
  mutatePlanImage,
  mutateCredentials,
  mutateWorkingDirectory,
  mutateInitContainers,
  mutateResources,
  mutatePosture,
  mutateVolumes,
];

/**
 * Whole or nothing: with any problem the pod is left as it came, but for the mark and what Pod Security asks of it. The
 * pod given is never changed.
 *
 * Sets: the mark, metadata.annotations["dbt-jobs.io/container"], and what the mutations set.
 * Leaves alone when: the pod has no project label.
 * Clause: C22, C23, C24.
 */
export function mutatePod(pod: Pod, project: DbtProject | undefined, settings: Settings): MutatedPod {
  if (projectLabel(pod.metadata) === undefined) return { pod, problems: [] };
  if (project === undefined) {
    return { pod: passPodSecurity(unmark(pod)), problems: [problems.unknownProject()] };
  }
  const marked = mark(pod, project);
  const found = findProblems(pod, project, settings);
  const choice = chooseContainer(pod);
  const plan = usablePlan(pod, project);
  if (found.length > 0 || choice.kind !== 'chosen' || plan === undefined) {
    return { pod: passPodSecurity(marked), problems: found };
  }
  const injection = { project, plan, container: choice.container.name, settings };
  const chosen = annotate(marked, annotations.container, injection.container);
  return { pod: mutations.reduce((changed, mutate) => mutate(changed, injection), chosen), problems: [] };
}
