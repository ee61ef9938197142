import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { containers, engines, labels } from '../../contract/names.ts';
import { eventually } from '../../examples/demo/wait.ts';
import { readSettings } from '../cluster/config.ts';
import { listOf } from '../kyverno/kubectl.ts';
import type { PolicyKind } from '../kyverno/pod-security-policies.ts';
import { policyKinds } from '../kyverno/pod-security-policies.ts';
import type { EveryEngine } from './every-engine.ts';
import { chart, installEveryEngine } from './every-engine.ts';
import { create, type Json, makeNamespace, pathOf, request, setStatus } from './api.ts';
import {
  carelessPods,
  gitSyncImage,
  podWithSidecar,
  status,
  submittedCronJob,
  submittedJob,
  submittedPod,
  variants,
  unlabelledJob,
} from './good-citizen/objects.ts';
import { policiesOf, refusingPolicies, scopeLabel } from './good-citizen/policies.ts';

const settings = readSettings();

/** Without Pod Security, which would speak before Kyverno. */
const open = 'good-citizen-open';
const namespaceOf = (engine: string, variant: string): string => `good-citizen-${engine}-${variant}`;
const places = engines.flatMap((engine) =>
  Object.entries(variants).map(([variant, expected]) => ({ engine, variant, ...expected })),
);

let installed: EveryEngine;

async function dryRun(kind: 'Pod' | 'Job' | 'CronJob', namespace: string, object: Json): Promise<Json> {
  return (await request('POST', `${pathOf(kind, namespace)}?dryRun=All`, object)).body;
}

async function makeOrganization(
  namespace: string,
  project: Json,
  namespaceLabels: Readonly<Record<string, string>>,
): Promise<void> {
  await makeNamespace(namespace, namespaceLabels);
  await create('DbtProject', namespace, project);
  await setStatus(namespace, 'shop', status);
}

const refusal = (body: Json): readonly string[] => refusingPolicies(String(body['message']));

const injected = z.looseObject({
  spec: z.looseObject({ initContainers: z.array(z.looseObject({ name: z.string(), image: z.string() })) }),
  status: z.looseObject({ qosClass: z.string() }),
});

const podList = z.object({ items: z.array(z.looseObject({})) });

const templates = [
  ['Job', submittedJob],
  ['CronJob', submittedCronJob],
] as const;

/** The names of the init containers and the QoS class, or the refusal. */
function seen(body: Json): unknown {
  const { success, data } = injected.safeParse(body);
  return success ? [data.spec.initContainers.map(({ name }) => name), data.status.qosClass] : body['message'];
}

beforeAll(async () => {
  installed = await installEveryEngine(`gitSync.image=${gitSyncImage}`);
  await makeOrganization(open, variants.guaranteed.project, {
    [labels.engine]: 'webhook',
    [scopeLabel]: 'neither',
  });
  for (const { engine, variant, project } of places)
    await makeOrganization(namespaceOf(engine, variant), project, {
      [labels.engine]: engine,
      [scopeLabel]: variant,
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  for (const { engine, variant } of places)
    await eventually(`${engine} injects in the ${variant} namespace`, 90, async () => {
      const { data } = injected.safeParse(await dryRun('Pod', namespaceOf(engine, variant), submittedPod));
      return data?.spec.initContainers[0]?.image === gitSyncImage ? true : undefined;
    });
});

afterAll(async () => {
  const names = [open, ...places.map(({ engine, variant }) => namespaceOf(engine, variant))];
  await installed.commands.kubectl('delete', 'namespace', '--ignore-not-found', '--wait=false', ...names);
  await installed.restore();
});

/** The exceptions as the chart installs them, for one kind of policy. */
async function exceptions(kind: PolicyKind): Promise<string> {
  const set = ['--set', 'policyExceptions.namespace=kyverno', '--set', `policyExceptions.kinds={${kind}}`];
  const args = ['template', 'dbt-jobs', chart, '--namespace', 'dbt-jobs-system', ...set];
  return installed.commands.run('helm', [...args, '--show-only', 'templates/exceptions.yaml']);
}

const exceptionNames = (manifest: string): readonly string[] =>
  [...manifest.matchAll(/(?:policyName|ValidatingPolicy, name): ([a-z-]+)/g)]
    .map(([, name = '']) => name)
    .sort();

describe.each(policyKinds)('where %s of Kyverno refuses what is careless', (kind) => {
  let names: readonly string[];
  let manifest: string;
  let excepting: string;
  const excepted = (): readonly string[] => exceptionNames(excepting).filter((name) => names.includes(name));
  const remove = async (): Promise<void> => {
    await installed.commands.run('kubectl', ['delete', '--ignore-not-found', '-f', '-'], { input: manifest });
  };

  beforeAll(async () => {
    const policies = await policiesOf(kind, settings, installed.env);
    names = policies.map(({ metadata }) => metadata.name).sort();
    manifest = listOf(policies);
    excepting = await exceptions(kind);
    await installed.commands.run('kubectl', ['apply', '--server-side', '-f', '-'], { input: manifest });
  });
  afterAll(remove);

  it('every policy is at work', async () => {
    let idle = names;
    await eventually('every policy refuses', 60, async () => {
      const bodies = await Promise.all(carelessPods.map((pod) => dryRun('Pod', open, pod)));
      const refusing = bodies.flatMap(refusal);
      idle = names.filter((name) => !refusing.includes(name));
      return idle.length === 0 ? true : undefined;
    }).catch(() => undefined);
    expect(idle).toEqual([]);
  });

  it.each(places)('a pod of a $variant project passes when $engine has injected it', async (place) => {
    const body = await dryRun('Pod', namespaceOf(place.engine, place.variant), submittedPod);
    expect(seen(body)).toEqual([[containers.gitSync, containers.packages], place.qosClass]);
  });

  it('a Job or CronJob as submitted is refused by the policies that the exceptions name, and by no other', async () => {
    const refusing = await Promise.all(
      Object.keys(variants).flatMap((variant) =>
        templates.map(async ([workload, object]) =>
          refusal(await dryRun(workload, namespaceOf('webhook', variant), object)),
        ),
      ),
    );
    expect([...new Set(refusing.flat())].sort()).toEqual(excepted());
  });

  describe('with the exceptions of the chart', () => {
    beforeAll(async () => {
      await installed.commands.apply(excepting);
    });
    afterAll(async () => {
      await installed.commands.run('kubectl', ['delete', '-f', '-'], { input: excepting });
    });

    it.each(templates)('a %s as submitted is admitted', async (workload, object) => {
      for (const { engine, variant } of places)
        await eventually(`a ${workload} with ${engine}, ${variant}`, 30, async () =>
          refusal(await dryRun(workload, namespaceOf(engine, variant), object)).length === 0
            ? true
            : undefined,
        );
    });
    it('a Job of no project is refused as before', async () => {
      expect(refusal(await dryRun('Job', open, unlabelledJob))).not.toEqual([]);
    });
    it('a pod with the label and a careless sidecar is refused as before', async () => {
      const refusing = refusal(await dryRun('Pod', open, podWithSidecar));
      expect(excepted().filter((name) => !refusing.includes(name))).toEqual([]);
    });
    it('the Job controller makes the pod', async () => {
      const namespace = namespaceOf('webhook', 'guaranteed');
      await create('Job', namespace, submittedJob);
      const [pod] = await eventually('a pod of the Job', 60, async () => {
        const { items } = podList.parse((await request('GET', pathOf('Pod', namespace))).body);
        return items.length === 0 ? undefined : items;
      });
      await request('DELETE', `${pathOf('Job', namespace, 'nightly')}?propagationPolicy=Background`);
      expect(seen({ ...pod })).toEqual([[containers.gitSync, containers.packages], 'Guaranteed']);
    });
  });
});
