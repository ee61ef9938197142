import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { annotations, containers, engines, labels } from '../../../contract/names.ts';
import { eventually } from '../../../examples/demo/wait.ts';
import type { Answer, Json } from '../../e2e/api.ts';
import { create, makeNamespace, pathOf, request, setStatus } from '../../e2e/api.ts';
import { labelled, pod } from '../../e2e/pods.ts';
import { commitA, plans, project } from '../../e2e/projects.ts';
import type { ArmName } from './arm-names.ts';
import { armNames } from './arm-names.ts';
import { nullLabel } from './null-webhook.ts';

/** One way in which a pod is admitted, and what is sent there. */
export interface Arm {
  readonly name: ArmName;
  readonly pod: Json;
}

const namespaceOf = (name: ArmName): string => `bench-${name.replaceAll(' ', '-')}`;

/** Without a token, so that a pod can be sent again as it came back. */
const plain = pod({ automountServiceAccountToken: false });
const ours = labelled('shop', plain);

/**
 * A namespace each, with one project where pods are ours. Engines are found by the label of the namespace, so that all can be
 * there at once. Each is asked once, and what it makes of the pod is compared.
 *
 * @throws where an arm does not do what it is measured for: a fast wrong one would be worth nothing
 */
export async function makeArms(): Promise<readonly Arm[]> {
  await makeNamespace(namespaceOf('no engine'), {});
  await makeNamespace(namespaceOf('null webhook'), { [nullLabel]: 'true' });
  for (const engine of engines) await makeOrganization(engine, engine);
  for (const engine of engines)
    await eventually(`${engine} injects`, 90, async () =>
      isInjected(await send(engine, ours)) ? true : undefined,
    );
  await eventually('the null webhook at work', 60, async () => {
    const { status, body } = await send('null webhook', plain);
    return status === 201 && admitted.parse(body).metadata.annotations?.['null'] === 'webhook'
      ? true
      : undefined;
  });
  const arms: Arm[] = [];
  for (const name of armNames) arms.push({ name, pod: await podOf(name) });
  await checkArms(arms);
  return arms;
}

export async function removeArms(): Promise<void> {
  for (const name of armNames) await request('DELETE', `/api/v1/namespaces/${namespaceOf(name)}`);
}

export function send(name: ArmName, object: Json): Promise<Answer> {
  return request('POST', `${pathOf('Pod', namespaceOf(name))}?dryRun=All`, object);
}

/** An engine of this name does not exist: the backstop takes the namespace for one that is managed, and nobody changes its pods. */
const noEngine = 'bench-no-engine';

/** Returns the UID of its project. */
async function makeOrganization(arm: ArmName, engine: string): Promise<unknown> {
  await makeNamespace(namespaceOf(arm), { [labels.engine]: engine });
  await create('DbtProject', namespaceOf(arm), project('shop'));
  const { metadata } = await setStatus(namespaceOf(arm), 'shop', plans);
  return z.object({ uid: z.string() }).parse(metadata).uid;
}

const admitted = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.looseObject({
    initContainers: z.array(z.looseObject({ name: z.string(), args: z.array(z.string()) })).optional(),
  }),
});

function isInjected({ status, body }: Answer): boolean {
  const [first] = status === 201 ? (admitted.parse(body).spec.initContainers ?? []) : [];
  return first?.name === containers.gitSync && first.args.includes(`--ref=${commitA}`);
}

/** To the backstop alone goes what an engine made of the pod, with the mark of the project there. */
async function podOf(name: ArmName): Promise<Json> {
  if (name === 'no engine' || name === 'null webhook') return plain;
  if (name !== 'backstop alone') return ours;
  const uid = await makeOrganization(name, noEngine);
  const { metadata, spec } = admitted.parse((await send('webhook', ours)).body);
  const marks = { ...metadata.annotations, [annotations.projectUid]: uid };
  const { metadata: own } = ours;
  return { ...ours, metadata: { ...z.looseObject({}).parse(own), annotations: marks }, spec };
}

async function checkArms(arms: readonly Arm[]): Promise<void> {
  const answers = await Promise.all(
    arms.map(async ({ name, pod: sent }) => [name, await send(name, sent)] as const),
  );
  const specs = answers.map(([name, { status, body }]) => {
    if (status !== 201) throw new Error(`${name}: the pod is refused: ${String(body['message'])}`);
    return [name, admitted.parse(body).spec] as const;
  });
  const [[, untouched] = [undefined, {}], [, changed] = [undefined, {}], [, injected] = [undefined, {}]] =
    specs;
  const wrong = specs.filter(([name, spec]) =>
    name === 'no engine' ? false : !isDeepStrictEqual(spec, name === 'null webhook' ? untouched : injected),
  );
  if (wrong.length > 0 || !isDeepStrictEqual(untouched, changed) || isDeepStrictEqual(untouched, injected))
    throw new Error(
      `not measured: ${wrong.map(([name]) => name).join(', ')} gives another pod than the others`,
    );
}
