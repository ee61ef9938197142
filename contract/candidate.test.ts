import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDbtProject, type DbtProject } from './dbt-project.ts';
import { mostPlans, nextStep, planId, unusedId, withCandidate, type Candidate } from './candidate.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const candidate: Candidate = {
  id: 'release-7',
  image: 'shop:7',
  commit,
  createdAt: '2026-01-07T00:00:00Z',
  createdBy: 'ci',
};

const hash = (image: string) => createHash('sha256').update(image).digest('hex');

interface Entry {
  readonly id: string;
  readonly image: string;
  readonly commit: string;
  readonly phase: string;
  readonly createdAt: string;
}

const entry = (id: string, changed: Partial<Entry> = {}): Entry => ({
  id,
  image: 'shop:1',
  commit,
  phase: 'Promoted',
  createdAt: '2026-01-01T00:00:00Z',
  ...changed,
});

const object = (plans: readonly Entry[], plan?: string) => ({
  apiVersion: 'dbt-jobs.io/v1alpha1',
  kind: 'DbtProject',
  metadata: { name: 'shop', namespace: 'acme', uid: 'u1', resourceVersion: '7', annotations: { a: 'b' } },
  spec: {
    repository: { url: 'https://git.example.com/acme/shop.git' },
    resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
  },
  status: { plans, ...(plan === undefined ? {} : { plan }), conditions: [] },
});

const project = (plans: readonly Entry[], plan?: string): DbtProject => parseDbtProject(object(plans, plan));

const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}T00:00:00Z`;
const full = (changed: (number: number) => Partial<Entry> = () => ({})) =>
  Array.from({ length: mostPlans }, (_, index) =>
    entry(`p${index + 1}`, { createdAt: day(index + 1), ...changed(index + 1) }),
  );

describe('planId', () => {
  it('is made of twelve digits of the commit and six of the hash of the image', () => {
    expect(planId(commit, hash('dbt-jobs.local/demo-plan:1'))).toBe('0123456789ab-91e3b4');
  });

  it('is a DNS label that differs with the image', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(planId(commit, hash(one))).toMatch(/^[0-9a-f]{12}-[0-9a-f]{6}$/);
        expect(planId(commit, hash(one)) === planId(commit, hash(other))).toBe(one === other);
      }),
    );
  });
});

describe('nextStep', () => {
  const cases: Record<string, { project: DbtProject; step: unknown }> = {
    'a new id is added': { project: project([]), step: { kind: 'add', dropped: [] } },
    'the same id with the same image and commit is present, whatever its phase': {
      project: project([entry('release-7', { image: 'shop:7', phase: 'Failed' })]),
      step: { kind: 'present', plan: entry('release-7', { image: 'shop:7', phase: 'Failed' }) },
    },
    'the same id with another image is taken': {
      project: project([entry('release-7', { image: 'shop:6' })]),
      step: { kind: 'taken', plan: entry('release-7', { image: 'shop:6' }) },
    },
    'the same id with another commit is taken': {
      project: project([entry('release-7', { image: 'shop:7', commit: 'f'.repeat(40) })]),
      step: { kind: 'taken', plan: entry('release-7', { image: 'shop:7', commit: 'f'.repeat(40) }) },
    },
    'the twentieth needs no room': {
      project: project(full().slice(1)),
      step: { kind: 'add', dropped: [] },
    },
    'a twenty-first drops the oldest': {
      project: project(full(), 'p9'),
      step: { kind: 'add', dropped: [entry('p1', { createdAt: day(1) })] },
    },
    'the one in force is never dropped': {
      project: project(full(), 'p1'),
      step: { kind: 'add', dropped: [entry('p2', { createdAt: day(2) })] },
    },
    'one that is being tried stays as long as there is another': {
      project: project(
        full((number) => (number < 4 ? { phase: 'Candidate' } : {})),
        'p20',
      ),
      step: { kind: 'add', dropped: [entry('p4', { createdAt: day(4) })] },
    },
    'where all others are being tried, the oldest of them goes': {
      project: project(
        full((number) => (number < 20 ? { phase: 'Candidate' } : {})),
        'p20',
      ),
      step: { kind: 'add', dropped: [entry('p1', { createdAt: day(1), phase: 'Candidate' })] },
    },
  };
  it.each(Object.entries(cases))('%s', (_, { project: given, step }) => {
    expect(nextStep(given, candidate)).toEqual(step);
  });
});

describe('withCandidate', () => {
  it('adds the candidate as last entry and leaves everything else as it came', () => {
    const before = object([entry('p1')], 'p1');
    expect(withCandidate(before, candidate, [])).toEqual({
      ...before,
      status: { ...before.status, plans: [entry('p1'), { ...candidate, phase: 'Candidate' }] },
    });
  });

  it('takes out what is dropped', () => {
    const before = object([entry('p1'), entry('p2')], 'p2');
    const dropped = project([entry('p1')]).status.plans;
    expect(withCandidate(before, candidate, dropped)).toEqual({
      ...before,
      status: { ...before.status, plans: [entry('p2'), { ...candidate, phase: 'Candidate' }] },
    });
  });

  it('begins the status of a project that has none', () => {
    expect(withCandidate({ metadata: { name: 'shop' } }, candidate, [])).toEqual({
      metadata: { name: 'shop' },
      status: { plans: [{ ...candidate, phase: 'Candidate' }] },
    });
  });
});

describe('unusedId', () => {
  const cases: Record<string, { plans: readonly Entry[]; id: string; unused: string }> = {
    'the second try has the number 2': { plans: [entry('a')], id: 'a', unused: 'a-2' },
    'a number that is taken is passed over': {
      plans: [entry('a'), entry('a-2')],
      id: 'a',
      unused: 'a-3',
    },
    'a long id is cut, so that it stays a DNS label': {
      plans: [],
      id: `${'a'.repeat(60)}-bc`,
      unused: `${'a'.repeat(60)}-2`,
    },
  };
  it.each(Object.entries(cases))('%s', (_, { plans, id, unused }) => {
    expect(unusedId(project(plans), id)).toBe(unused);
  });
});
