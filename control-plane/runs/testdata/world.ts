import type { IngestionReport, RunRef } from '../../../contract/ingestion.ts';
import { objectPath } from '../../kube/path.ts';
import { startApi, type TestApi } from '../../testdata/api.ts';
import type { FakeObject } from '../../testdata/fake-kube.ts';
import { runRoutes } from '../routes.ts';

export const shop = '/organizations/acme/projects/shop';
export const jobPath = (name: string) => objectPath('jobs', 'acme', name);
const at = (minute: number) => `2026-02-03T09:${String(minute).padStart(2, '0')}:00.000Z`;
export const pod = (words: readonly string[], plan?: string) => ({
  metadata: {
    labels: { 'dbt-jobs.io/project': 'shop', ...(plan !== undefined && { 'dbt-jobs.io/plan': plan }) },
  },
  spec: { restartPolicy: 'Never', containers: [{ name: 'dbt', image: 'plan:current', command: words }] },
});
export const ownedBy = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  name: 'nightly',
  uid: 'c1',
  controller: false,
};

/** The routes of runs over a project with a job `nightly` and the plans `new`, in force, and `old`. */
export async function startWorld() {
  const api = await startApi(runRoutes);
  const promoted = (id: string) => ({
    id,
    image: 'i:1',
    commit: 'a'.repeat(40),
    phase: 'Promoted',
    createdAt: at(0),
  });
  api.kube.put(objectPath('dbtprojects', 'acme', 'shop'), {
    metadata: { name: 'shop', namespace: 'acme', uid: 'p1' },
    spec: {
      repository: { url: 'https://git.example.com/acme/shop.git' },
      resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
    },
    status: { plan: 'new', plans: [promoted('new'), promoted('old')] },
  });
  api.kube.put(objectPath('cronjobs', 'acme', 'nightly'), {
    metadata: { name: 'nightly', namespace: 'acme', uid: 'c1' },
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: { metadata: { labels: { team: 'data' } }, spec: { template: pod(['dbt', 'build']) } },
    },
  });

  return {
    ...api,
    tell: (told?: Told) => tell(api, told),
    run: (words?: readonly string[], more?: More) => run(api, words, more),
    made: () => made(api),
    post: (path: string) => api.call('POST', `${shop}${path}`),
  };
}
export type World = Awaited<ReturnType<typeof startWorld>>;

const ref: RunRef = {
  uid: 'r1',
  kind: 'Job',
  namespace: 'acme',
  name: 'nightly-1',
  project: 'shop',
  job: 'nightly',
  plan: 'old',
};

export interface Told {
  readonly run?: Partial<RunRef>;
  readonly command?: readonly string[];
  readonly trigger?: 'schedule' | 'plan';
  readonly reason?: 'DbtHandledError' | 'DbtSucceeded' | 'OOMKilled';
  readonly nodes?: Readonly<Record<string, string>>;
}

/** What the watcher has told of a run: at work without a reason. */
function tell(
  api: TestApi,
  { run: change, command = ['dbt', 'build'], trigger = 'schedule', reason, nodes = {} }: Told = {},
) {
  const run = { ...ref, ...change };
  const result = reason === 'DbtSucceeded' ? 'succeeded' : 'failed';
  const reports: IngestionReport[] = [
    {
      kind: 'progress',
      run,
      observedAt: at(10),
      phase: reason === undefined ? 'running' : 'ended',
      trigger: { kind: trigger },
      createdAt: at(1),
      startedAt: at(2),
      command: [...command],
      attempts: [],
    },
    ...(reason === undefined
      ? []
      : [
          {
            kind: 'outcome',
            run,
            decidedAt: at(9),
            outcome: { result, reason, message: 'so it went' },
          } as const,
        ]),
    {
      kind: 'nodes',
      run,
      observedAt: at(8),
      attempt: 'a1',
      execution: 0,
      index: 0,
      nodes: Object.entries(nodes).map(([uniqueId, status]) => ({ uniqueId, status })),
    },
  ];
  return api.store.ingest(reports);
}

interface More {
  readonly spec?: object;
  readonly status?: object;
}

/** The Job of it, as Kubernetes has it. */
function run(api: TestApi, words: readonly string[] = ['dbt', 'build'], more: More = {}): void {
  api.kube.put(jobPath('nightly-1'), {
    metadata: { name: 'nightly-1', namespace: 'acme', uid: 'r1', ownerReferences: [ownedBy] },
    spec: { backoffLimit: 0, activeDeadlineSeconds: 600, template: pod(words, 'old'), ...more.spec },
    ...(more.status !== undefined && { status: more.status }),
  });
}
export const ended = { status: { conditions: [{ type: 'Failed', status: 'True' }] } };
export const failing = { 'model.shop.a': 'success', 'model.shop.b': 'error', 'model.shop.c': 'skipped' };

function made(api: TestApi): readonly FakeObject[] {
  const ofJob = `${jobPath('nightly')}-x`;
  return [...api.kube.objects].filter(([path]) => path.startsWith(ofJob)).map(([, job]) => job);
}
