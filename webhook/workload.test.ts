import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryPod } from './mutate/arbitrary.ts';
import { isJob, isPod } from './workload.ts';

const container = { name: 'dbt', image: 'plan:current' };

describe('a Pod', () => {
  const cases: Record<string, { value: unknown; is: boolean }> = {
    'may have no metadata': { value: { spec: { containers: [container] } }, is: true },
    'may have null for its containers, as the API server writes none': {
      value: { spec: { containers: null } },
      is: true,
    },
    'may have fields that are not known yet': {
      value: { spec: { containers: [{ ...container, someday: 1 }], someday: {} }, someday: [] },
      is: true,
    },
    'must have a spec': { value: { metadata: {} }, is: false },
    'must be an object': { value: 'pod', is: false },
    'must not be null': { value: null, is: false },
    'must not be absent': { value: undefined, is: false },
    'must have names for its containers': { value: { spec: { containers: [{ image: 'x' }] } }, is: false },
    'must have texts for its labels': { value: { metadata: { labels: { a: 1 } }, spec: {} }, is: false },
    'must have a list of volumes': { value: { spec: { volumes: {} } }, is: false },
  };
  it.each(Object.entries(cases))('%s', (_, { value, is }) => expect(isPod(value)).toBe(is));

  it('is every pod that the mutations are tested with', () => {
    fc.assert(fc.property(arbitraryPod, (pod) => isPod(pod)));
  });
});

describe('a Job', () => {
  const cases: Record<string, { value: unknown; is: boolean }> = {
    'may have a template without metadata': { value: { spec: { template: {} } }, is: true },
    'must have a template': { value: { spec: {} }, is: false },
    'must have a number for its deadline': {
      value: { spec: { template: {}, activeDeadlineSeconds: '1' } },
      is: false,
    },
  };
  it.each(Object.entries(cases))('%s', (_, { value, is }) => expect(isJob(value)).toBe(is));
});
