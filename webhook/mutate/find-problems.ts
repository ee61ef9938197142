import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import { selectPlan } from '../../contract/dbt-project.ts';
import { containers, labels, planImage } from '../../contract/names.ts';
import { problems } from '../../contract/problems.ts';
import { isOurs, isOutdatedCopy } from './identity.ts';
import { injectedContainers, isReservedContainer } from './init-containers.ts';
import type { Container, Pod } from './pod.ts';
import { findReservedMounts, findReservedVolumes } from './reserved.ts';
import type { ContainerChoice } from './select.ts';
import { chooseContainer } from './select.ts';
import type { Settings } from './settings.ts';

/**
 * Everything that keeps the pod from being injected, in the order of contract/problems.ts.
 *
 * Sets: nothing.
 * Leaves alone when: always; the backstop is what denies.
 * Clause: C1, C3, C4, C11, C12, C22, C24.
 */
export function findProblems(pod: Pod, project: DbtProject, settings: Settings): readonly string[] {
  const choice = chooseContainer(pod);
  const container = choice.kind === 'chosen' ? choice.container : undefined;
  const plan = usablePlan(pod, project);
  return [
    ...findPodProblems(pod),
    ...findContainerProblem(choice),
    ...findPlanProblem(pod, project),
    ...findImageProblem(container, plan),
    ...findPlanImageElsewhere(pod, container),
    ...findReservedContainers(pod),
    ...(container !== undefined && plan !== undefined
      ? findForeignInitContainers(pod, plan, injectedContainers(pod, { project, plan, settings }))
      : toldTogether(reservedInitContainers(pod).map(({ name }) => name))),
    ...findReservedVolumes(pod, project),
    ...findReservedMounts(pod, project, container),
  ];
}

/** The plan that the pod would run; undefined where there is none, or it failed. */
export function usablePlan(pod: Pod, project: DbtProject): Plan | undefined {
  const plan = selectPlan(project, askedPlan(pod));
  return plan?.phase === 'Failed' ? undefined : plan;
}

/** An empty label asks for none. */
function askedPlan(pod: Pod): string | undefined {
  const asked = pod.metadata?.labels?.[labels.plan];
  return asked === '' ? undefined : asked;
}

function findPodProblems({ spec }: Pod): readonly string[] {
  const { restartPolicy = 'Always', os, nodeSelector } = spec;
  const windows = os?.name === 'windows' || nodeSelector?.['kubernetes.io/os'] === 'windows';
  const host = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true);
  return [
    ...(restartPolicy === 'Always' ? [problems.restartPolicy()] : []),
    ...(windows ? [problems.windows()] : []),
    ...(host.length > 0 ? [problems.hostNamespaces(host)] : []),
  ];
}

function findContainerProblem(choice: ContainerChoice): readonly string[] {
  switch (choice.kind) {
    case 'chosen':
      return [];
    case 'unknown':
      return [problems.containerUnknown(choice.asked, choice.names)];
    case 'ambiguous':
      return [problems.containerAmbiguous(choice.names)];
  }
}

function findPlanProblem(pod: Pod, project: DbtProject): readonly string[] {
  const asked = askedPlan(pod);
  const inForce = project.status.plan;
  if (usablePlan(pod, project) !== undefined) return [];
  if (asked === undefined) return [problems.noPlan()];
  const exists = selectPlan(project, asked) !== undefined;
  return [exists ? problems.planFailed(asked, inForce) : problems.planUnknown(asked, inForce)];
}

function findImageProblem(container: Container | undefined, plan: Plan | undefined): readonly string[] {
  if (container === undefined || plan === undefined) return [];
  const { name, image = '' } = container;
  return image === planImage || image === plan.image ? [] : [problems.image(name, image, plan)];
}

function findPlanImageElsewhere(pod: Pod, container: Container | undefined): readonly string[] {
  if (container === undefined) return [];
  const others = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]
    .filter((other) => other !== container && other.image === planImage)
    .map(({ name }) => name);
  return others.length > 0 ? [problems.planImageElsewhere(others, container.name)] : [];
}

function findReservedContainers({ spec }: Pod): readonly string[] {
  const names = (spec.containers ?? []).map(({ name }) => name).filter(isReservedContainer);
  return names.length > 0 ? [problems.reservedContainers(names)] : [];
}

function findForeignInitContainers(pod: Pod, plan: Plan, ours: readonly Container[]): readonly string[] {
  const present = reservedInitContainers(pod);
  const foreign = [containers.gitSync, containers.packages].filter((name) => {
    const named = present.filter((container) => container.name === name);
    return named.length > 0 && !isOnlyOurs(named, ours);
  });
  const clones = present.filter(({ name }) => name === containers.gitSync);
  const [clone] = clones;
  const [expected] = ours;
  const outdated =
    foreign.includes(containers.gitSync) &&
    clones.length === 1 &&
    clone !== undefined &&
    expected !== undefined &&
    isOutdatedCopy(clone, expected);
  return outdated ? [problems.outdatedCopy(plan)] : toldTogether(foreign);
}

function isOnlyOurs(named: readonly Container[], ours: readonly Container[]): boolean {
  const [container] = named;
  const expected = ours.find(({ name }) => name === container?.name);
  return (
    named.length === 1 && container !== undefined && expected !== undefined && isOurs(container, expected)
  );
}

function reservedInitContainers({ spec }: Pod): readonly Container[] {
  return (spec.initContainers ?? []).filter(({ name }) => isReservedContainer(name));
}

/** Each name once, git-sync first. */
function toldTogether(names: readonly string[]): readonly string[] {
  const told = [containers.gitSync, containers.packages].filter((name) => names.includes(name));
  return told.length > 0 ? [problems.reservedInitContainers(told)] : [];
}
