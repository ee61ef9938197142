import type { Answer } from '../../e2e/api.ts';
import type { Json } from '../json.ts';
import { isJson, listAt, mergePatch, textAt, without } from '../json.ts';
import type { Case, Kind } from '../read-cases.ts';
import { withoutServersOwn } from '../servers-own.ts';
import type { Api } from './api.ts';
import { must } from './api.ts';
import type { Admission } from './engine.ts';
import type { Namespaces } from './namespaces.ts';

const collections: Readonly<Record<Kind, readonly [group: string, plural: string]>> = {
  Pod: ['/api/v1', 'pods'],
  Job: ['/apis/batch/v1', 'jobs'],
  CronJob: ['/apis/batch/v1', 'cronjobs'],
};

function collectionOf(namespaces: Namespaces, asked: Case): string {
  const [group, plural] = collections[asked.kind];
  return `${group}/namespaces/${namespaces.of(asked)}/${plural}`;
}

export async function createDryRun(
  api: Api,
  namespaces: Namespaces,
  asked: Case,
  object: Json,
): Promise<Admission> {
  const path = `${collectionOf(namespaces, asked)}?dryRun=All`;
  return read(namespaces, asked, await api.request('POST', path, namespaces.toServer(asked, object)));
}

/** Created really, and deleted again. */
export async function createStored(
  api: Api,
  namespaces: Namespaces,
  asked: Case,
  object: Json,
): Promise<Admission> {
  const path = collectionOf(namespaces, asked);
  const answer = await api.request('POST', path, namespaces.toServer(asked, object));
  if (answer.status === 201) await remove(api, `${path}/${nameOf(answer.body)}`);
  return read(namespaces, asked, answer);
}

/**
 * Creates the object, sends its update, deletes it.
 *
 * @throws where the object is not even created
 */
export async function updateStored(
  api: Api,
  namespaces: Namespaces,
  asked: Case,
): Promise<Admission & { readonly asked: Json }> {
  const path = collectionOf(namespaces, asked);
  const before = await must(api, [201], 'POST', path, namespaces.toServer(asked, asked.object));
  const named = `${path}/${nameOf(before)}`;
  try {
    const answer = await sendUpdate(api, named, nameOf(before), asked);
    const wanted = mergePatch(before, asked.update);
    const own = asked.subresource === 'status' && isJson(wanted) ? { status: wanted['status'] } : {};
    const admission = read(namespaces, asked, answer);
    return {
      ...admission,
      ...(admission.object === undefined || asked.subresource !== 'status'
        ? {}
        : { object: { ...admission.object, status: answer.body['status'] } }),
      asked: { ...withoutServersOwn(namespaces.fromServer(asked, isJson(wanted) ? wanted : {})), ...own },
    };
  } finally {
    await remove(api, named);
  }
}

async function sendUpdate(
  api: Api,
  named: string,
  name: string,
  { update, subresource }: Case,
): Promise<Answer> {
  if (subresource !== 'binding') {
    const path = subresource === undefined ? named : `${named}/${subresource}`;
    return await api.request('PATCH', path, update, 'application/merge-patch+json');
  }
  const target = { apiVersion: 'v1', kind: 'Node', name: textAt(update, 'spec', 'nodeName') };
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
  const bound = await api.request('POST', `${named}/binding`, binding);
  return bound.status === 201 ? await api.request('GET', named) : bound;
}

async function remove(api: Api, path: string): Promise<void> {
  const { body } = await api.request('GET', path);
  if (listAt(body, 'metadata', 'finalizers').length > 0)
    await api.request('PATCH', path, { metadata: { finalizers: null } }, 'application/merge-patch+json');
  await api.request('DELETE', `${path}?gracePeriodSeconds=0&propagationPolicy=Background`);
}

const ours = /^Validation failed for ValidatingAdmissionPolicy 'dbt-jobs[^']*' with binding '[^']*': (.*)$/s;
const denies = /denied (?:the )?request: (dbt-jobs: .*)$/s;

function read(namespaces: Namespaces, asked: Case, { status, body, warnings }: Answer): Admission {
  const told = warnings.flatMap((line) => ours.exec(line)?.slice(1) ?? []);
  if (status === 200 || status === 201) {
    const object = namespaces.fromServer(asked, { ...kindOf(asked), ...without(body, 'apiVersion', 'kind') });
    return { object: withoutServersOwn(object), warnings: told };
  }
  const message = textAt(body, 'message') ?? `status ${status}`;
  const denied = denies.exec(message)?.[1];
  return { warnings: told, ...(denied === undefined ? { refused: message } : { denied }) };
}

function kindOf({ object }: Case): Json {
  return { apiVersion: object['apiVersion'], kind: object['kind'] };
}

function nameOf(object: Json): string {
  return textAt(object, 'metadata', 'name') ?? '';
}
