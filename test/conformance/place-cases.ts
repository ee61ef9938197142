import { differences } from './difference.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import type { Case } from './read-cases.ts';
import type { Surroundings } from './surroundings.ts';
import { noSurroundings } from './surroundings.ts';

/** A namespace that several cases share; every engine has one of each. */
export interface Slot {
  readonly around: Surroundings;
  /** By name. */
  readonly projects: ReadonlyMap<string, Json>;
}

export interface Placement {
  /** The first one has no surroundings. */
  readonly slots: readonly Slot[];
  /** Name of the case → index of its slot. */
  readonly slotOf: ReadonlyMap<string, number>;
}

/** The native engine and the backstop take about a millisecond for each project of the namespace, at each request. */
const projectsOfSlot = 8;

/**
 * Few namespaces, with few projects each: cases share one unless they have a project of one name and different content. A
 * case with objects.yaml has one of its own.
 */
export function placeCases(cases: readonly Case[]): Placement {
  const slots: { around: Surroundings; projects: Map<string, Json>; shared: boolean }[] = [
    { around: noSurroundings, projects: new Map(), shared: true },
  ];
  const slotOf = new Map<string, number>();
  for (const { name, project, around } of cases) {
    const shared = around === noSurroundings;
    let index = shared ? slots.findIndex((slot) => slot.shared && fits(slot.projects, project)) : -1;
    if (index === -1) index = slots.push({ around, projects: new Map(), shared }) - 1;
    for (const own of [project, ...around.projects]) slots[index]?.projects.set(nameOf(own), own);
    slotOf.set(name, index);
  }
  return { slots, slotOf };
}

function fits(projects: ReadonlyMap<string, Json>, project: Json): boolean {
  const taken = projects.get(nameOf(project));
  return taken === undefined ? projects.size < projectsOfSlot : differences(taken, project).length === 0;
}

function nameOf(project: Json): string {
  return textAt(project, 'metadata', 'name') ?? '';
}
