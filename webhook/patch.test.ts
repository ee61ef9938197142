import jsonPatch from 'fast-json-patch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryPod, arbitraryProject } from './mutate/arbitrary.ts';
import { mutatePod } from './mutate/mutate-pod.ts';
import { samplePod } from './mutate/sample.ts';
import { defaultSettings } from './mutate/settings.ts';
import { patch } from './patch.ts';

describe('a patch', () => {
  const cases: Record<string, { received: object; mutated: object; operations: object[] }> = {
    'is empty for the same object': { received: { a: 1 }, mutated: { a: 1 }, operations: [] },
    'escapes / and ~ in names': {
      received: { annotations: {} },
      mutated: { annotations: { 'dbt-jobs.io/a~b': 'x' } },
      operations: [{ op: 'add', path: '/annotations/dbt-jobs.io~1a~0b', value: 'x' }],
    },
    'adds a list that was not there': {
      received: {},
      mutated: { volumes: [{ name: 'a' }] },
      operations: [{ op: 'add', path: '/volumes', value: [{ name: 'a' }] }],
    },
    'removes a field': {
      received: { a: 1, b: 2 },
      mutated: { a: 1 },
      operations: [{ op: 'remove', path: '/b' }],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { received, mutated, operations }) => {
    expect(patch(received, mutated)).toEqual(operations);
  });

  it('leads from every generated pod to the mutated one', () => {
    fc.assert(
      fc.property(arbitraryPod, arbitraryProject, (pod, project) => {
        // As the wire has it: generated parts may be one and the same object.
        const received = JSON.parse(JSON.stringify(pod)) as object;
        const mutated = mutatePod(pod, project, defaultSettings).pod;
        const applied = jsonPatch.applyPatch(received, [...patch(pod, mutated)]).newDocument;
        expect(applied).toEqual(mutated);
      }),
    );
  });

  it('keeps a field of a newer API as it is', () => {
    const pod = { ...samplePod(), spec: { ...samplePod().spec, someday: { deep: [1, null] } } };
    const paths = patch(pod, { ...pod, metadata: {} }).map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith('/spec'))).toEqual([]);
  });
});
