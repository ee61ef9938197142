import { type DbtProject, parseDbtProject, type Plan } from '../../contract/dbt-project.ts';

interface ProjectTweak {
  readonly plans?: readonly Plan[];
  readonly plan?: string;
  readonly conditions?: readonly object[];
  readonly resources?: object;
  readonly deleted?: string;
}

export function rawProject(tweak: ProjectTweak = {}): Record<string, unknown> {
  return {
    apiVersion: 'dbt-jobs.io/v1alpha1',
    kind: 'DbtProject',
    metadata: {
      name: 'shop',
      namespace: 'shop',
      uid: 'project-uid',
      resourceVersion: '1',
      generation: 3,
      ...(tweak.deleted && { deletionTimestamp: tweak.deleted }),
    },
    spec: {
      repository: { url: 'https://git.example.com/shop.git' },
      resources: tweak.resources ?? { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
    },
    status: {
      plans: tweak.plans ?? [],
      conditions: tweak.conditions ?? [],
      ...(tweak.plan && { plan: tweak.plan }),
    },
  };
}

export function project(tweak: ProjectTweak = {}): DbtProject {
  return parseDbtProject(rawProject(tweak));
}

export function plan(id: string, tweak: Partial<Plan> = {}): Plan {
  return {
    id,
    image: `registry.example.com/shop:${id}`,
    commit: 'a'.repeat(40),
    phase: 'Candidate',
    createdAt: '2026-11-23T01:00:00Z',
    ...tweak,
  };
}
