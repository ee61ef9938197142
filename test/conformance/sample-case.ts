import type { Case } from './read-cases.ts';
import { noSurroundings } from './surroundings.ts';

/** What the tests of the runner start from: the smallest mutated case; `changes` are laid over it. */
export function sampleCase(changes: Partial<Case> = {}): Case {
  return {
    name: 'group/sample',
    folder: '/cases/group/sample',
    sentence: 'A pod gets what its project says',
    expect: 'mutated',
    problems: [],
    warnings: [],
    clauses: ['C1'],
    threats: [],
    dryRun: true,
    kind: 'Pod',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'nightly', labels: { 'dbt-jobs.io/project': 'shop' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'dbt', image: 'plan:current' }] },
    },
    project: {
      apiVersion: 'dbt-jobs.io/v1alpha1',
      kind: 'DbtProject',
      metadata: { name: 'shop', uid: '5f0c1a52-7d0e-4c7b-9a43-2b1f6f1d0a01' },
      spec: {
        repository: { url: 'https://git.example.com/shop.git' },
        resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
      },
    },
    around: noSurroundings,
    ...changes,
  };
}
