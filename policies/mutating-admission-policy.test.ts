import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const policy = z.looseObject({
  kind: z.literal('MutatingAdmissionPolicy'),
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({
    reinvocationPolicy: z.enum(['Never', 'IfNeeded']),
    matchConstraints: z.object({
      resourceRules: z.tuple([z.looseObject({ resources: z.array(z.string()) })]),
    }),
    mutations: z.array(z.record(z.string(), z.unknown())),
  }),
});

const text = readFileSync(new URL('mutating-admission-policy/dbt-jobs.yaml', import.meta.url), 'utf8');
const policies = loadAll(text).flatMap((object) => {
  const { success, data } = policy.safeParse(object);
  return success ? [data] : [];
});
const ofPods = policies.filter(({ spec }) => spec.matchConstraints.resourceRules[0].resources.includes('pods'));

/** Field paths that the policy's patches name, below the pod. */
function paths({ spec }: (typeof policies)[number]): readonly string[] {
  return [...JSON.stringify(spec.mutations).matchAll(/'(\/(?:metadata|spec)[a-z/~1.-]*)/gi)].map(
    (match) => match[1] ?? '',
  );
}

describe('the policies of the API server’s own engine, which have no order among themselves (C27)', () => {
  it('are one for the spec of a pod, in one patch, and two for the mark', () => {
    const shapes = ofPods.map(({ metadata, spec }) => [
      metadata.name,
      spec.mutations.length,
      spec.reinvocationPolicy,
    ]);
    expect(shapes).toEqual([
      ['dbt-jobs', 1, 'IfNeeded'],
      ['dbt-jobs-strip', 1, 'Never'],
      ['dbt-jobs-mark', 1, 'IfNeeded'],
    ]);
  });
  it('touch the mark in those two, and nothing else there', () => {
    const mark = '/metadata/annotations/dbt-jobs.io~1project-uid';
    const [spec, strip] = ofPods;
    if (spec === undefined || strip === undefined) throw new Error('the policies are not there');
    expect(paths(strip)).toEqual([mark]);
    expect(paths(spec)).not.toContain(mark);
    expect(paths(spec)).toContain('/spec/initContainers');
  });
});
