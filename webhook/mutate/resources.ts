import type { DbtProject } from '../../contract/dbt-project.ts';
import type { Injection } from './injection.ts';
import { changeDbtContainer } from './injection.ts';
import type { Pod, Quantity, Resources } from './pod.ts';
import { equalQuantity } from './quantity.ts';

/**
 * The dbt container gets the project's resources, whatever the pod says: a LimitRange has filled them before any
 * engine is asked, so what the user set cannot be known.
 *
 * Sets: spec.containers[dbt].resources.
 * Leaves alone when: each of the project's keys is there and equal as a quantity; keys that the project leaves open stay.
 * Clause: C15.
 */
export function mutateResources(pod: Pod, injection: Injection): Pod {
  const { resources } = injection.project.spec;
  return changeDbtContainer(pod, injection, (container) =>
    hasResources(container.resources, resources)
      ? container
      : { ...container, resources: projectResources(injection.project) },
  );
}

/** Of the dbt container, and of ours. */
export function projectResources({ spec }: DbtProject): Resources {
  const { requests, limits } = spec.resources;
  return { requests: present(requests), limits: present(limits) };
}

function present(
  quantities: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, Quantity>> {
  return Object.fromEntries(
    Object.entries(quantities).flatMap(([key, quantity]) =>
      quantity === undefined ? [] : [[key, quantity]],
    ),
  );
}

type ProjectResources = DbtProject['spec']['resources'];

function hasResources(own: Resources | undefined, { requests, limits }: ProjectResources): boolean {
  return hasQuantities(own?.requests, requests) && hasQuantities(own?.limits, limits);
}

function hasQuantities(
  own: Readonly<Record<string, Quantity>> = {},
  wanted: Readonly<Record<string, string | undefined>>,
): boolean {
  return Object.entries(wanted).every(([key, quantity]) => {
    if (quantity === undefined) return true;
    const found = own[key];
    return found !== undefined && equalQuantity(String(found), quantity);
  });
}
