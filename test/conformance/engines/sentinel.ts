import { containers, labels } from '../../../contract/names.ts';
import { denial, problems } from '../../../contract/problems.ts';
import type { Json } from '../json.ts';
import { fieldsAt, listAt, textAt } from '../json.ts';
import type { Api } from './api.ts';

/** Made after every project of a run: an API server's caches learn of objects in the order of their writes. */
const name = 'conformance-sentinel';
const plan = 'one';

export const sentinelProject: Json = {
  apiVersion: 'dbt-jobs.io/v1alpha1',
  kind: 'DbtProject',
  metadata: { name },
  spec: {
    repository: { url: 'https://git.example.com/sentinel.git' },
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '16Mi' } },
  },
  status: {
    plan,
    plans: [
      {
        id: plan,
        image: 'registry.example.com/sentinel:one',
        commit: '0'.repeat(40),
        phase: 'Promoted',
        createdAt: '2026-01-01T00:00:00Z',
      },
    ],
  },
};

const template = (restartPolicy: string, annotations: Json = {}): Json => ({
  metadata: { labels: { [labels.project]: name }, annotations },
  spec: { restartPolicy, containers: [{ name: 'dbt', image: 'plan:current' }] },
});

const post = (api: Api, path: string, object: Json) => api.request('POST', `${path}?dryRun=All`, object);

/** Texts by which a policy shows that it does not know the project, or its plan, yet. */
const unknowing = [problems.unknownProject(), problems.noEngine(), problems.noPlan()];

/** Whether the backstop is at work and knows every project of this run: how well it speaks is for the cases to tell. */
export async function backstopDenies(api: Api, namespace: string, mark?: string): Promise<boolean> {
  const marked = template('Always', mark === undefined ? {} : { 'dbt-jobs.io/project-uid': mark });
  const { body } = await post(api, `/api/v1/namespaces/${namespace}/pods`, named(marked));
  const message = textAt(body, 'message') ?? '';
  const start = denial(name, namespace, ['']).replace(/\(1\) $/, '');
  return message.includes(start) && !unknowing.some((text) => message.includes(text));
}

/**
 * What an engine does to a pod and a Job: "ready" where it changes both, else the last answer. Whether it changes them
 * rightly is for the cases to tell.
 */
export async function engineAnswer(api: Api, namespace: string): Promise<string> {
  const own = template('Never');
  const pod = await post(api, `/api/v1/namespaces/${namespace}/pods`, named(own));
  const message = textAt(pod.body, 'message') ?? `status ${pod.status}`;
  const [first] = listAt(pod.body, 'spec', 'initContainers');
  if (pod.status === 201 && textAt(first, 'name') !== containers.gitSync) return 'it changes no pod';
  if (pod.status !== 201 && !isInjected(message)) return message;
  const job = await post(api, `/apis/batch/v1/namespaces/${namespace}/jobs`, {
    metadata: { name: 'sentinel' },
    spec: { template: own },
  });
  const stamped = textAt(job.body, 'spec', 'template', 'metadata', 'labels', labels.plan) === plan;
  const limited = fieldsAt(job.body, 'spec')['activeDeadlineSeconds'] !== undefined;
  return stamped || limited ? 'ready' : 'it changes no Job';
}

/** A denial that says neither that the project is unknown nor that nothing was injected. */
function isInjected(message: string): boolean {
  const nothing = /not injected \((?=.*image)(?=.*git-sync)/;
  return (
    message.includes('dbt-jobs: ') &&
    !unknowing.some((text) => message.includes(text)) &&
    !nothing.test(message)
  );
}

function named(pod: Json): Json {
  return { ...pod, metadata: { name: 'sentinel', ...fieldsAt(pod, 'metadata') } };
}
