import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../examples/demo/wait.ts';
import { create, type Json, pathOf, request, setStatus } from './api.ts';
import { dbt, labelled, pod } from './pods.ts';
import { plan } from './projects.ts';

/** An organization of the demo's installation, beside the one in which the demo is told. */
const namespace = 'globex';
const image = 'dbt-jobs.local/demo-plan:1';
const unknownCommit = 'd'.repeat(40);

interface Run {
  /** Laid over the project's spec. */
  readonly project?: Json;
  readonly plan?: Json;
  readonly container?: Json;
  readonly job?: Json;
  /** Done as soon as the Job is there. */
  readonly then?: (name: string) => Promise<void>;
  readonly outcome: { readonly result: string; readonly reason: string; readonly message: RegExp };
}

const failed = (reason: string, message: RegExp) => ({ result: 'failed', reason, message });

/** Each cause on a real pod, told apart. */
const runs: Readonly<Record<string, Run>> = {
  'succeeds when dbt ends with 0': {
    container: { command: ['dbt', '--version'] },
    outcome: { result: 'succeeded', reason: 'DbtSucceeded', message: /./ },
  },
  'fails with DbtUnhandledError when dbt ends with 2': {
    container: { command: ['dbt', 'no-such-command'] },
    outcome: failed('DbtUnhandledError', /./),
  },
  'fails with OOMKilled when dbt takes more memory than it has': {
    project: { resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } } },
    container: { command: ['python3', '-c', 'x = "x" * 500_000_000'] },
    outcome: failed('OOMKilled', /128Mi|memory/i),
  },
  'fails with DeadlineExceeded when the Job is not done in time': {
    container: { command: ['sleep', '600'] },
    job: { activeDeadlineSeconds: 15 },
    outcome: failed('DeadlineExceeded', /15/),
  },
  'fails with CredentialsMissing and the name of a Secret that is not there': {
    project: { credentials: [{ secretName: 'no-such-secret' }] },
    outcome: failed('CredentialsMissing', /no-such-secret/),
  },
  'fails with CredentialsMissing and the name of a key that is not there': {
    project: { credentials: [{ secretName: 'warehouse', keys: ['NO_SUCH_KEY'] }] },
    outcome: failed('CredentialsMissing', /NO_SUCH_KEY/),
  },
  'fails with ImagePullFailed and the image that cannot be pulled': {
    plan: { image: 'dbt-jobs.local/no-such-image:1' },
    outcome: failed('ImagePullFailed', /dbt-jobs\.local\/no-such-image:1/),
  },
  'fails with GitSyncFailed when the commit is unknown': {
    plan: { commit: unknownCommit },
    outcome: failed('GitSyncFailed', /the repository does not have the commit of the plan: .*d{40}/),
  },
  'fails with GitSyncFailed when the password is wrong': {
    project: { repository: { secretName: 'wrong-clone' } },
    outcome: failed('GitSyncFailed', /the server refused the user or password of the clone: /),
  },
  'fails with AdmissionDenied and what the denial says': {
    container: { image: 'evil:1' },
    outcome: failed('AdmissionDenied', /spec\.containers\["dbt"\]\.image is "evil:1"/),
  },
  'is cancelled by whom the annotation names': {
    container: { command: ['sleep', '600'] },
    then: async (name) => {
      const path = pathOf('Job', namespace, name);
      await eventually(`${name} runs`, 60, async () => {
        const { status } = (await request('GET', path)).body as { readonly status?: Json };
        return status?.['ready'] === 1 ? true : undefined;
      });
      const cancelled = {
        metadata: { annotations: { 'dbt-jobs.io/cancelled-by': 'somebody@example.invalid' } },
        spec: { activeDeadlineSeconds: 1 },
      };
      await request('PATCH', path, cancelled, 'application/merge-patch+json');
    },
    outcome: { result: 'cancelled', reason: 'Cancelled', message: /somebody@example\.invalid/ },
  },
};

/** The commit that the demo pushed last, its CA and its password are in the other organization. */
async function readDemo(): Promise<{
  readonly commit: string;
  readonly password: string;
  readonly ca: string;
}> {
  const shop = (await request('GET', pathOf('DbtProject', 'acme', 'shop'))).body;
  const { plan: inForce, plans } = shop['status'] as {
    readonly plan: string;
    readonly plans: readonly Json[];
  };
  const secret = (await request('GET', pathOf('Secret', 'acme', 'shop-clone'))).body['data'] as Json;
  const ca = (await request('GET', pathOf('ConfigMap', 'acme', 'git-ca'))).body['data'] as Json;
  return {
    commit: String(plans.find(({ id }) => id === inForce)?.['commit']),
    password: Buffer.from(String(secret['password']), 'base64').toString(),
    ca: String(ca['ca.crt']),
  };
}

const nameOf = (index: number): string => `outcome-${index}`;

function projectOf(name: string, { project = {} }: Run): Json {
  const { repository, ...spec } = project;
  return {
    apiVersion: 'dbt-jobs.io/v1alpha1',
    kind: 'DbtProject',
    metadata: { name },
    spec: {
      repository: {
        url: 'https://git.dbt-jobs-demo.svc.cluster.local:8443/shop.git',
        secretName: 'clone',
        caBundle: { configMapName: 'git-ca' },
        ...(repository as Json | undefined),
      },
      resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '512Mi' } },
      startTimeoutSeconds: 5,
      ...spec,
    },
  };
}

async function outcomeOf(kind: 'Job' | 'Pod', name: string): Promise<Json> {
  return eventually(`${name} has an outcome`, 170, async () => {
    const { metadata } = (await request('GET', pathOf(kind, namespace, name))).body as {
      readonly metadata?: { readonly annotations?: Json };
    };
    const text = metadata?.annotations?.['dbt-jobs.io/outcome'];
    return typeof text === 'string' ? (JSON.parse(text) as Json) : undefined;
  });
}

async function remove(kind: 'Job' | 'Pod' | 'DbtProject' | 'Secret' | 'ConfigMap'): Promise<void> {
  const options = { propagationPolicy: 'Foreground' };
  await request('DELETE', pathOf(kind, namespace), options);
  const keep = kind === 'ConfigMap' ? ['kube-root-ca.crt'] : [];
  await eventually(`no ${kind} in ${namespace}`, 90, async () => {
    const { items } = (await request('GET', pathOf(kind, namespace))).body as {
      readonly items: readonly Json[];
    };
    const left = items.filter((item) => !keep.includes(String((item['metadata'] as Json)['name'])));
    return left.length === 0 ? true : undefined;
  });
}

beforeAll(async () => {
  for (const kind of ['Job', 'Pod', 'DbtProject', 'Secret', 'ConfigMap'] as const) await remove(kind);
  const demo = await readDemo();
  const secret = (name: string, stringData: Json) =>
    create('Secret', namespace, { metadata: { name }, stringData });
  await secret('clone', { password: demo.password });
  await secret('wrong-clone', { password: 'wrong' });
  await secret('warehouse', { WAREHOUSE_USER: 'dbt' });
  await create('ConfigMap', namespace, { metadata: { name: 'git-ca' }, data: { 'ca.crt': demo.ca } });
  for (const [index, run] of Object.values(runs).entries()) {
    const name = nameOf(index);
    await create('DbtProject', namespace, projectOf(name, run));
    await setStatus(namespace, name, {
      plan: 'one',
      plans: [{ ...plan('one', image, demo.commit), ...run.plan }],
    });
    const template = {
      metadata: { labels: { 'dbt-jobs.io/project': name } },
      spec: {
        restartPolicy: 'Never',
        containers: [dbt({ command: ['dbt', '--version'], ...run.container })],
      },
    };
    await create('Job', namespace, { metadata: { name }, spec: { backoffLimit: 0, ...run.job, template } });
  }
});

describe('a run', () => {
  for (const [index, [sentence, run]] of Object.entries(runs).entries()) {
    it.concurrent(sentence, async () => {
      const name = nameOf(index);
      await run.then?.(name);
      const { result, reason, message } = await outcomeOf('Job', name);
      expect({ result, reason }).toEqual({ result: run.outcome.result, reason: run.outcome.reason });
      expect(message).toMatch(run.outcome.message);
    });
  }
  it('has its outcome as an Event too', async () => {
    await outcomeOf('Job', nameOf(0));
    const selector = encodeURIComponent(`involvedObject.name=${nameOf(0)},reason=DbtSucceeded`);
    const event = await eventually('an Event', 30, async () => {
      const { items } = (await request('GET', `${pathOf('Event', namespace)}?fieldSelector=${selector}`))
        .body as { readonly items: readonly Json[] };
      return items[0];
    });
    expect({ type: event['type'], kind: (event['involvedObject'] as Json)['kind'] }).toEqual({
      type: 'Normal',
      kind: 'Job',
    });
  });
  it('can be a pod without a Job', async () => {
    const object = labelled(
      nameOf(0),
      pod({ containers: [dbt({ command: ['dbt', '--version'] })] }, { name: 'bare' }),
    );
    await create('Pod', namespace, object);
    expect(await outcomeOf('Pod', 'bare')).toMatchObject({ result: 'succeeded', reason: 'DbtSucceeded' });
  });
});
