import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { eventually } from '../../../examples/demo/wait.ts';
import { gitSync } from '../../../contract/names.ts';
import type { Json } from '../json.ts';
import { fieldsAt, isJson, textAt } from '../json.ts';
import type { Api } from './api.ts';
import { must } from './api.ts';

const root = new URL('../../../', import.meta.url).pathname;

const admission = '/apis/admissionregistration.k8s.io/v1';
const collections: Readonly<Record<string, string>> = {
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  CustomResourceDefinition: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  ValidatingAdmissionPolicy: `${admission}/validatingadmissionpolicies`,
  ValidatingAdmissionPolicyBinding: `${admission}/validatingadmissionpolicybindings`,
  MutatingAdmissionPolicy: `${admission}/mutatingadmissionpolicies`,
  MutatingAdmissionPolicyBinding: `${admission}/mutatingadmissionpolicybindings`,
  ClusterPolicy: '/apis/kyverno.io/v1/clusterpolicies',
  MutatingPolicy: '/apis/policies.kyverno.io/v1/mutatingpolicies',
};

/** The objects of every YAML file in a folder of the repository, or of one file; in the order of their names. */
export function readObjects(path: string): readonly Json[] {
  const whole = join(root, path);
  const names = path.endsWith('.yaml')
    ? ['']
    : readdirSync(whole)
        .filter((name) => name.endsWith('.yaml'))
        .sort();
  return names.flatMap((name) => loadAll(readFileSync(join(whole, name), 'utf8'))).filter(isJson);
}

/** The git-sync image that the installation asks for; that of the contract where nothing is installed. */
export async function installedGitSyncImage(api: Api): Promise<string> {
  const { body } = await api.request('GET', `${collections['ValidatingAdmissionPolicy'] ?? ''}/dbt-jobs`);
  return /c\.image == '([^']+)'/.exec(JSON.stringify(fieldsAt(body, 'spec')))?.[1] ?? gitSync.image;
}

/**
 * Installs objects as the repository has them, and returns when they are at work. What a chart installed is left alone:
 * it is what is to be tested. What an earlier run installed is replaced, and only counts when the old has gone: a server
 * may go on for a second with what it has compiled.
 *
 * @throws where the server refuses one, or the old or the new state does not come within `seconds`
 */
export async function install(
  api: Api,
  objects: readonly Json[],
  { atWork, seconds }: { readonly atWork: () => Promise<boolean>; readonly seconds: number },
): Promise<void> {
  const states = await Promise.all(
    objects.map(async (object) => ({ object, found: await find(api, object) })),
  );
  if (states.some(({ found }) => isChart(found))) return;
  const present = states.filter(({ found }) => found !== undefined);
  const changed = await Promise.all(
    states.map(
      async ({ object, found }) =>
        (await apply(api, object)) !== textAt(found, 'metadata', 'resourceVersion'),
    ),
  );
  if (present.length > 0 && changed.some(Boolean)) {
    for (const { object } of states) await api.request('DELETE', pathOf(object));
    await eventually('the policies of an earlier run gone', seconds, async () =>
      (await atWork()) ? undefined : true,
    );
    for (const { object } of states) await apply(api, object);
  }
  await eventually('the policies at work', seconds, async () => ((await atWork()) ? true : undefined));
}

/** The version of the object as it is stored now. */
export async function apply(api: Api, object: Json): Promise<string | undefined> {
  const query = 'fieldManager=dbt-jobs-conformance&force=true';
  const made = await must(
    api,
    [200, 201],
    'PATCH',
    `${pathOf(object)}?${query}`,
    object,
    'application/apply-patch+yaml',
  );
  return textAt(made, 'metadata', 'resourceVersion');
}

async function find(api: Api, object: Json): Promise<Json | undefined> {
  const { status, body } = await api.request('GET', pathOf(object));
  return status === 200 ? body : undefined;
}

function isChart(object: Json | undefined): boolean {
  return (
    object !== undefined &&
    textAt(object, 'metadata', 'annotations', 'meta.helm.sh/release-name') !== undefined
  );
}

/** Where an object of a policy is. */
export function pathOf(object: Json): string {
  const kind = textAt(object, 'kind') ?? '';
  const collection = collections[kind];
  if (collection === undefined)
    throw new Error(`a policy's folder holds a ${kind}, which is not installed here`);
  return `${collection}/${textAt(object, 'metadata', 'name') ?? ''}`;
}

/** As the chart writes the image of its installation into policies. */
export function gitSyncReplaced(objects: readonly Json[], image: string): readonly Json[] {
  return objects.map((object) => {
    const replaced: unknown = JSON.parse(JSON.stringify(object).replaceAll(gitSync.image, image));
    return isJson(replaced) ? replaced : object;
  });
}
