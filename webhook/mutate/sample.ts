import type { DbtProject } from '../../contract/dbt-project.ts';
import { parseDbtProject } from '../../contract/dbt-project.ts';
import { labels } from '../../contract/names.ts';
import type { Injection } from './injection.ts';
import type { Container, Pod } from './pod.ts';
import { defaultSettings } from './settings.ts';

/** What the tests of this room start from: the smallest pod of a user, and a project with one plan of each phase. */
export const planImageInForce = `registry.example.com/shop@sha256:${'a'.repeat(64)}`;
export const commitInForce = 'c'.repeat(40);

export function samplePod(change: Partial<Pod['spec']> = {}, metadata: Pod['metadata'] = {}): Pod {
  return {
    metadata: { ...metadata, labels: { [labels.project]: 'shop', ...metadata.labels } },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'dbt', image: 'plan:current', args: ['build'] }],
      ...change,
    },
  };
}

/** As the API server gives it; `spec` is laid over the smallest one. */
export function sampleProject(
  spec: Readonly<Record<string, unknown>> = {},
  status: Readonly<Record<string, unknown>> = {},
): DbtProject {
  return parseDbtProject({
    metadata: { name: 'shop', namespace: 'acme', uid: 'uid-of-shop' },
    spec: {
      repository: { url: 'https://git.example.com/shop.git' },
      resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
      ...spec,
    },
    status: {
      plan: 'first',
      plans: [
        samplePlan('first', 'Promoted', planImageInForce, commitInForce),
        samplePlan('second', 'Candidate', 'registry.example.com/shop:second', 'd'.repeat(40)),
        samplePlan('third', 'Failed', 'registry.example.com/shop:third', 'e'.repeat(40)),
      ],
      ...status,
    },
  });
}

export function sampleInjection(project: DbtProject = sampleProject()): Injection {
  const [plan] = project.status.plans;
  if (plan === undefined) throw new Error('the project of an injection has a plan');
  return { project, plan, container: 'dbt', settings: defaultSettings };
}

/** The dbt container of `pod`, which must have one. */
export function dbtContainerOf(pod: Pod): Container {
  const found = pod.spec.containers?.find(({ name }) => name === 'dbt');
  if (found === undefined) throw new Error('the pod has no container "dbt"');
  return found;
}

function samplePlan(id: string, phase: string, image: string, commit: string): object {
  return { id, phase, image, commit, createdAt: '2026-01-01T00:00:00Z' };
}
