import { describe, expect, it } from 'vitest';
import { placeCases } from './place-cases.ts';
import { sampleCase } from './sample-case.ts';
import { noSurroundings } from './surroundings.ts';

const project = (name: string, depth = 1) => ({ metadata: { name }, spec: { depth } });
const placed = (...cases: readonly ReturnType<typeof sampleCase>[]) => {
  const { slots, slotOf } = placeCases(cases);
  return { slotOf: Object.fromEntries(slotOf), projects: slots.map((slot) => [...slot.projects.keys()]) };
};

describe('cases', () => {
  it('share a namespace where their projects are the same or have other names', () => {
    expect(
      placed(
        sampleCase({ name: 'a', project: project('shop') }),
        sampleCase({ name: 'b', project: project('shop') }),
        sampleCase({ name: 'c', project: project('other') }),
      ),
    ).toEqual({ slotOf: { a: 0, b: 0, c: 0 }, projects: [['shop', 'other']] });
  });
  it('have different namespaces where a name means two projects', () => {
    expect(
      placed(
        sampleCase({ name: 'a', project: project('shop') }),
        sampleCase({ name: 'b', project: project('shop', 2) }),
        sampleCase({ name: 'c', project: project('shop', 2) }),
      ),
    ).toEqual({ slotOf: { a: 0, b: 1, c: 1 }, projects: [['shop'], ['shop']] });
  });
  it('with surroundings have a namespace to themselves, and the first has none', () => {
    const around = { ...noSurroundings, projects: [project('second')] };
    expect(placed(sampleCase({ name: 'a', around }), sampleCase({ name: 'b', around }))).toEqual({
      slotOf: { a: 1, b: 2 },
      projects: [[], ['shop', 'second'], ['shop', 'second']],
    });
  });
  it('are spread where a namespace has eight projects', () => {
    const cases = Array.from({ length: 9 }, (_, index) =>
      sampleCase({ name: `case-${index}`, project: project(`p-${index}`) }),
    );
    expect(placed(...cases).projects.map((names) => names.length)).toEqual([8, 1]);
  });
});
