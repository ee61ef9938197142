import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { labels } from '../../contract/names.ts';
import { expectSuccess, finished, type FinishedRun, jobManifest } from '../../examples/demo/run.ts';
import { Commands, withExports } from '../../examples/demo/command.ts';
import { eventually } from '../../examples/demo/wait.ts';
import { clusterEnv } from '../cluster/cluster.ts';
import { readSettings } from '../cluster/config.ts';
import { environment } from '../config.ts';
import { type Json, pathOf, request } from './api.ts';

/** The organization of the demo: its project has a plan in force, and its warehouse is there. */
const organization = 'acme';
const root = new URL('../../', import.meta.url).pathname;

/** Each with the condition that tells that Kyverno has registered its webhook. */
const engines: Readonly<Record<string, readonly string[]>> = {
  'mutating-admission-policy': [],
  'kyverno-mutating-policy': [
    'mutatingpolicies.policies.kyverno.io/dbt-jobs',
    '--for=jsonpath={.status.conditionStatus.ready}=true',
  ],
  'kyverno-cluster-policy': ['clusterpolicies.kyverno.io/dbt-jobs', '--for=condition=Ready'],
};

let commands: Commands;
let byWebhook: FinishedRun;

async function changeEngine(engine: string): Promise<void> {
  const chart = ['upgrade', 'dbt-jobs', `${root}manifests/chart`, '--namespace', 'dbt-jobs-system'];
  const values = [
    '--reuse-values',
    '--set',
    `engine=${engine}`,
    '--take-ownership',
    '--force-conflicts',
    '--wait',
    '--timeout',
    '180s',
  ];
  await commands.run('helm', [...chart, ...values]);
  const ready = engines[engine] ?? [];
  if (ready.length > 0) await commands.kubectl('wait', ...ready, '--timeout=60s');
  await eventually(`${engine} changes Jobs`, 60, async () =>
    (await stampedPlan()) === undefined ? undefined : true,
  );
}

/**
 * The plan that the engine in force writes into a Job's template, asked of a Job that nothing keeps: the API server
 * takes up its own policies and webhooks some seconds after they are written, Jobs' and pods' each on its own.
 */
async function stampedPlan(): Promise<string | undefined> {
  const job: unknown = load(jobManifest('engine-asked', ['dbt', 'build']));
  const { body } = await request('POST', `${pathOf('Job', organization)}?dryRun=All`, job);
  return stamped.parse(body).spec.template.metadata.labels[labels.plan];
}

const stamped = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }) }),
  }),
});

async function run(name: string, command: readonly string[]): Promise<FinishedRun> {
  await commands.apply(jobManifest(name, command));
  return finished(commands, name);
}

/** The pod without what differs from one creation to the next. */
function asInjected({ pod }: FinishedRun): unknown {
  const spec = structuredClone(pod['spec']) as Json & { nodeName?: string };
  delete spec.nodeName;
  return { spec, labels: Object.keys(pod.metadata.labels ?? {}), annotations: pod.metadata.annotations };
}

beforeAll(async () => {
  const { kubeconfig, bin } = await clusterEnv(readSettings());
  commands = new Commands(
    withExports(environment, `export KUBECONFIG='${kubeconfig}'\nexport PATH='${bin}'`),
  );
  for (const name of [
    'engine-webhook',
    'engine-changed',
    ...Object.keys(engines).map((one) => `engine-${one}`),
  ])
    await commands.kubectl('delete', 'job', name, '-n', organization, '--ignore-not-found');
  byWebhook = await run('engine-webhook', ['dbt', 'build']);
});

afterAll(() => changeEngine('webhook'));

describe.each(Object.entries(engines))('with %s and no webhook in the cluster', (engine, [policy]) => {
  it('dbt builds, in the same pod to the letter', async (test) => {
    const crd = policy?.split('/')[0];
    const there = crd === undefined || (await commands.try('kubectl', ['get', 'crd', crd])).code === 0;
    if (!there) test.skip('Kyverno is not installed: node test/kyverno/main.ts install');
    await changeEngine(engine);
    const webhook = await commands.try('kubectl', [
      'get',
      'deployment/dbt-jobs-webhook',
      'mutatingwebhookconfiguration/dbt-jobs',
      '-n',
      'dbt-jobs-system',
      '-o',
      'name',
    ]);
    expect(webhook.stdout).toBe('');
    const built = await run(`engine-${engine}`, ['dbt', 'build']);
    expectSuccess(engine, built);
    expect(asInjected(built)).toEqual(asInjected(byWebhook));
  });
});

it('a run goes on while the engine of its organization changes', async () => {
  await changeEngine('webhook');
  const name = 'engine-changed';
  await commands.apply(jobManifest(name, ['sh', '-c', 'sleep 20; dbt --version']));
  await eventually(`${name} runs`, 60, async () => {
    const { status } = (await request('GET', pathOf('Job', organization, name))).body as {
      readonly status?: Json;
    };
    return status?.['ready'] === 1 ? true : undefined;
  });
  await changeEngine('mutating-admission-policy');
  expectSuccess(name, await finished(commands, name));
});
