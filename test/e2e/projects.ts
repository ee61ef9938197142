import type { Json } from './api.ts';

export const commitA = 'a'.repeat(40);
export const commitB = 'b'.repeat(40);
export const imageA = `registry.example/shop@sha256:${'1'.repeat(64)}`;
export const imageB = `registry.example/shop@sha256:${'2'.repeat(64)}`;

/** The least that a DbtProject needs; `spec` is laid over it. */
export function project(name: string, spec: Json = {}): Json {
  return {
    apiVersion: 'dbt-jobs.io/v1alpha1',
    kind: 'DbtProject',
    metadata: { name },
    spec: {
      repository: { url: 'https://git.example/shop.git' },
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '256Mi' } },
      ...spec,
    },
  };
}

export function plan(id: string, image: string, commit: string, phase = 'Promoted'): Json {
  return { id, image, commit, phase, createdAt: '2026-01-01T00:00:00Z' };
}

/** A plan in force, a failed one and a candidate. */
export const plans: Json = {
  plan: 'one',
  plans: [
    plan('one', imageA, commitA),
    plan('broken', imageB, commitB, 'Failed'),
    plan('next', imageB, commitB, 'Candidate'),
  ],
};
