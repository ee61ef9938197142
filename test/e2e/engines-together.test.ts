import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problems } from '../../contract/problems.ts';
import { eventually } from '../../examples/demo/wait.ts';
import { ownCases } from '../conformance/config.ts';
import { clausesOfContract } from '../conformance/conformance.ts';
import type { EngineRun } from '../conformance/cross.ts';
import { runEngine } from '../conformance/cross.ts';
import type { Admission } from '../conformance/engines/engine.ts';
import { makeNamespaces } from '../conformance/engines/namespaces.ts';
import { createDryRun } from '../conformance/engines/requests.ts';
import type { OpenServer } from '../conformance/engines/server.ts';
import { sharedServer } from '../conformance/engines/server.ts';
import type { Json } from '../conformance/json.ts';
import { changeAt, fieldsAt, isJson, listAt, textAt } from '../conformance/json.ts';
import { placeCases } from '../conformance/place-cases.ts';
import type { Case } from '../conformance/read-cases.ts';
import { readCases } from '../conformance/read-cases.ts';
import type { Together } from './combined-engine.ts';
import { combinedEngine, makeTogether } from './combined-engine.ts';
import { kubeconfig } from './config.ts';
import type { Copy } from './engine-copies.ts';
import { installCopies } from './engine-copies.ts';
import { casesOfMesh, casesTogether } from './engines-together-cases.ts';
import {
  addIdentity,
  addLogShipper,
  addMesh,
  mesh,
  setResources,
  skipContainers,
} from './foreign-changes.ts';
import type { ForeignRegistration } from './foreign-webhook.ts';
import { startForeignWebhooks } from './foreign-webhook.ts';

const all: readonly Copy[] = [
  'webhook',
  'kyverno-cluster-policy',
  'kyverno-mutating-policy',
  'mutating-admission-policy',
];

/** Called in the order of these names, before and after every webhook of ours and of Kyverno's. */
const foreign = {
  meshBefore: registration('aaa-mesh', 'IfNeeded', addMesh),
  meshAfter: registration('zzz-mesh', 'IfNeeded', addMesh),
  identity: registration('zzz-identity', 'Never', addIdentity),
  shipper: registration('zzz-log-shipper', 'IfNeeded', addLogShipper),
  tuner: registration('zzz-tuner', 'Never', setResources),
  stubbornTuner: registration('zzz-stubborn-tuner', 'IfNeeded', setResources),
} as const;

function registration(
  name: string,
  reinvocationPolicy: ForeignRegistration['reinvocationPolicy'],
  change: ForeignRegistration['change'],
): ForeignRegistration {
  return { name, label: `together.test/${name}`, reinvocationPolicy, change };
}

/** Kyverno registers the webhook of a MutatingPolicy as one that is called once: https://github.com/kyverno/kyverno/issues/17282. */
const neverAskedAgain: readonly Copy[] = ['kyverno-mutating-policy'];

const cases = readCases(ownCases, new Set(clausesOfContract().keys()));
const named = (names: readonly string[]): readonly Case[] =>
  names.map((name) => {
    const found = cases.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no case ${name}`);
    return found;
  });
const smallest = named(['selection/smallest-pod']);

const shared = sharedServer(kubeconfig, Date.now().toString(36));
const ends: (() => Promise<void>)[] = [];
let server: OpenServer;

beforeAll(async () => {
  const opened = await shared.open(named(casesTogether));
  if ('notRun' in opened) throw new Error(opened.notRun);
  server = opened;
  ends.push(await installCopies(server.api, server.gitSyncImage));
  ends.push(await startForeignWebhooks(server.api, Object.values(foreign)));
  for (const { name, label } of Object.values(foreign)) await foreignAtWork(name, label);
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await shared.close();
});

/** A pod that is nobody's comes out changed. */
async function foreignAtWork(name: string, label: string): Promise<void> {
  const { api, run, gitSyncImage } = server;
  const labels = { [label]: '' };
  const placed = await makeNamespaces(api, {
    owner: name,
    labels,
    placement: placeCases([]),
    run,
    gitSyncImage,
  });
  const pod = { metadata: { name: 'x' }, spec: { containers: [{ name: 'x', image: 'x' }] } };
  await eventually(`${name} at work`, 30, async () => {
    const { body } = await api.request('POST', `/api/v1/namespaces/${placed.first}/pods?dryRun=All`, pod);
    const [first, ...others] = listAt(body, 'spec', 'containers');
    const changed = [...others, ...Object.keys(fieldsAt(first, 'resources')), ...listAt(first, 'env')];
    return changed.length > 0 ? true : undefined;
  });
  await placed.remove();
}

const faultsOf = ({ results, faults, notRun = '' }: EngineRun): readonly string[] => [
  ...(notRun === '' ? [] : [notRun]),
  ...faults,
  ...[...results].flatMap(([name, result]) =>
    result.kind === 'failed' ? result.faults.map((fault) => `${name}: ${fault}`) : [],
  ),
];

/** Each case expects what conformance has shown of every engine alone, so that equal to it is equal to the webhook's. */
async function expectSame(together: Together, names: readonly string[]): Promise<void> {
  const run = await runEngine(combinedEngine(shared, together), named(names), Date.now);
  expect(faultsOf(run)).toEqual([]);
  expect(run.results.size).toBe(names.length);
}

describe('several engines in charge of one namespace give the pod, or the denial, of one', () => {
  const combinations: Readonly<Record<string, readonly Copy[]>> = {
    'the webhook and the ClusterPolicy': ['webhook', 'kyverno-cluster-policy'],
    'the webhook and the MutatingPolicy': ['webhook', 'kyverno-mutating-policy'],
    'the webhook and the API server’s own engine': ['webhook', 'mutating-admission-policy'],
    'both flavours of Kyverno': ['kyverno-cluster-policy', 'kyverno-mutating-policy'],
    'all four': all,
    'all four, and the webhook called last': ['webhook-last', ...all.slice(1)],
  };
  it.each(Object.entries(combinations))('%s', async (_, copies) => {
    await expectSame({ copies }, casesTogether);
  });
});

describe('with somebody else’s sidecar and init container the pod is the same but for those', () => {
  const before = [foreign.meshBefore.label];
  const after = [foreign.meshAfter.label];
  const placed: readonly (readonly [string, Together])[] = [
    ...all.map((copy) => [`added before ${copy}`, { copies: [copy], foreign: before }] as const),
    ...all.map((copy) => [`added after ${copy}`, { copies: [copy], foreign: after }] as const),
    ['added before all four', { copies: all, foreign: before }],
    ['added after all four', { copies: all, foreign: after }],
  ];
  it.each(placed)('%s', async (_, together) => {
    await expectSame(together, casesOfMesh);
  });
});

/** What becomes of the smallest pod, changed, in a namespace of its own. */
async function admitted(together: Together, change: (pod: Json) => Json = (pod) => pod): Promise<Admission> {
  const namespaces = await makeTogether(server, together, smallest);
  try {
    const [asked] = smallest;
    if (asked === undefined) throw new Error('there is no smallest pod');
    return await createDryRun(server.api, namespaces, asked, change(asked.object));
  } finally {
    await namespaces.remove();
  }
}

const names = (object: Json | undefined, list: string): readonly (string | undefined)[] =>
  listAt(object, 'spec', list).map((one) => textAt(one, 'name'));

/** The one problem of a denial, without what names the namespace. */
const problemOf = ({ denied = '' }: Admission): string => denied.replace(/^.*?: \(1\) /, '');

describe.each(all)('with %s', (copy) => {
  const copies = [copy];
  it('an init container that another webhook put in front stands behind git-sync, one that it puts there later before', async () => {
    const early = await admitted({ copies, foreign: [foreign.meshBefore.label] });
    const late = await admitted({ copies, foreign: [foreign.meshAfter.label] });
    const ours = 'dbt-jobs-git-sync';
    // The API server asks its own engine before any webhook: nobody is before it.
    const before = copy === 'mutating-admission-policy' ? [mesh.init, ours] : [ours, mesh.init];
    expect(names(early.object, 'initContainers')).toEqual(before);
    expect(names(late.object, 'initContainers')).toEqual([mesh.init, ours]);
    expect(names(late.object, 'containers')).toEqual(['dbt', mesh.sidecar]);
  });
  it('resources that another webhook sets afterwards give way where the engine is asked again, and are denied elsewhere', async () => {
    const alone = await admitted({ copies });
    const tuned = await admitted({ copies, foreign: [foreign.tuner.label] });
    if (neverAskedAgain.includes(copy)) expect(problemOf(tuned)).toBe(problems.notInjected(['resources']));
    else expect(tuned).toEqual(alone);
  });
  it('resources that another webhook sets again and again are denied, to be told to the platform team', async () => {
    const answer = await admitted({ copies, foreign: [foreign.stubbornTuner.label] });
    expect(problemOf(answer)).toBe(problems.notInjected(['resources']));
  });
  it('a sidecar that another webhook lets into our volumes is denied by its name', async () => {
    const answer = await admitted({ copies, foreign: [foreign.shipper.label] });
    expect(problemOf(answer)).toBe(problems.reservedMounts(['log-shipper']));
  });
  it('a variable that another webhook gives every container is denied in git-sync, with what to do about it', async () => {
    const answer = await admitted({ copies, foreign: [foreign.identity.label] });
    expect(problemOf(answer)).toBe(problems.reservedInitContainers(['dbt-jobs-git-sync']));
  });
  it('it comes to the dbt container alone where the other webhook skips ours', async () => {
    const skipping = (pod: Json): Json =>
      changeAt(pod, ['metadata'], (metadata) => ({
        ...metadata,
        annotations: { [skipContainers]: 'dbt-jobs-git-sync,dbt-jobs-packages' },
      }));
    const alone = await admitted({ copies }, skipping);
    const identified = await admitted({ copies, foreign: [foreign.identity.label] }, skipping);
    expect(identified).toEqual({ object: addIdentity(alone.object ?? {}), warnings: [] });
  });
});

describe('where another webhook’s sidecar leaves open which container runs dbt', () => {
  const unnamed = (pod: Json): Json =>
    changeAt(pod, ['spec'], (spec) => ({
      ...spec,
      containers: listAt(spec, 'containers').map((one) => ({
        ...(isJson(one) ? one : {}),
        name: 'main',
        image: 'registry.example.com/plan:1',
      })),
    }));
  it('the pod is denied with what to write', async () => {
    const answer = await admitted({ copies: ['webhook'], foreign: [foreign.meshBefore.label] }, unnamed);
    expect(problemOf(answer)).toContain(problems.containerAmbiguous(['main', mesh.sidecar]));
  });
});
