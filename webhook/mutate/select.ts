import { annotations, dbtContainer, labels, planImage } from '../../contract/names.ts';
import type { Container, ObjectMeta, Pod } from './pod.ts';

/**
 * Which pods are ours, and which of their containers runs dbt.
 *
 *   label dbt-jobs.io/project | a DNS label | the project | the pod
 *   --------------------------|-------------|-------------|----------------------------------------
 *   absent                    | –           | –           | is not ours: untouched
 *   present                   | no          | not read    | is of an unknown project: mark removed
 *   present                   | yes         | not there   | is of an unknown project: mark removed
 *   present                   | yes         | there       | is ours
 *
 * The dbt container: 1. the one that the annotation names; 2. the only one with the image plan:current; 3. the one
 * called dbt; 4. the only one; 5. a problem. An empty annotation names none.
 *
 * Sets: nothing.
 * Leaves alone when: the label is absent.
 * Clause: C1, C2, C3.
 */
export type ContainerChoice =
  | { readonly kind: 'chosen'; readonly container: Container }
  | { readonly kind: 'unknown'; readonly asked: string; readonly names: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly names: readonly string[] };

/** The value of the project label as the request has it: any string, since admission comes before validation. */
export function projectLabel(metadata: ObjectMeta | undefined): string | undefined {
  return metadata?.labels?.[labels.project];
}

/** Whether a label value can be the name of a DbtProject; no other is looked up. */
export function isProjectName(value: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value);
}

export function chooseContainer(pod: Pod): ContainerChoice {
  const containers = pod.spec.containers ?? [];
  const names = containers.map(({ name }) => name);
  const asked = pod.metadata?.annotations?.[annotations.container] ?? '';
  if (asked !== '') {
    const named = containers.find(({ name }) => name === asked);
    return named === undefined ? { kind: 'unknown', asked, names } : { kind: 'chosen', container: named };
  }
  const container =
    only(containers.filter(({ image }) => image === planImage)) ??
    containers.find(({ name }) => name === dbtContainer) ??
    only(containers);
  return container === undefined ? { kind: 'ambiguous', names } : { kind: 'chosen', container };
}

function only(containers: readonly Container[]): Container | undefined {
  return containers.length === 1 ? containers[0] : undefined;
}
