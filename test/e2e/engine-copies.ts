import type { engines } from '../../contract/names.ts';
import { labels } from '../../contract/names.ts';
import { eventually } from '../../examples/demo/wait.ts';
import type { Api } from '../conformance/engines/api.ts';
import { must } from '../conformance/engines/api.ts';
import { apply, gitSyncReplaced, pathOf, readObjects } from '../conformance/engines/policies.ts';
import type { Json } from '../conformance/json.ts';
import { isJson, listAt, textAt } from '../conformance/json.ts';

export const webhookConfigurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';

/**
 * A second installation of every engine that is in charge by labels of the tests, one for each engine: the product's own label
 * names one engine, so that no namespace ever has two. `webhook-last` is the webhook again, called after Kyverno and not before.
 */
export type Copy = (typeof engines)[number] | 'webhook-last';

/** Where the policies of an engine are; the webhook's configuration is taken from the cluster. */
const folders: readonly (readonly [copy: Copy, folder: string])[] = [
  ['kyverno-cluster-policy', 'policies/cluster-policy'],
  ['kyverno-mutating-policy', 'policies/mutating-policy'],
  ['mutating-admission-policy', 'policies/mutating-admission-policy'],
];

/** Called in the order of their names: Kyverno's is kyverno-resource-mutating-webhook-cfg. */
const webhookNames: readonly (readonly [copy: Copy, name: string])[] = [
  ['webhook', 'dbt-jobs-together'],
  ['webhook-last', 'together-dbt-jobs'],
];

/** Labels of a namespace in which these copies are in charge, and nothing that is shipped. */
export function inCharge(copies: readonly Copy[]): Readonly<Record<string, string>> {
  return {
    [labels.engine]: 'together',
    ...Object.fromEntries(copies.map((copy) => [labelOf(copy), ''])),
  };
}

function labelOf(copy: Copy): string {
  return `together.test/${copy}`;
}

/** Applies the copies; they are not at work yet. Returns what removes them. */
export async function installCopies(api: Api, gitSyncImage: string): Promise<() => Promise<void>> {
  const policies = folders.flatMap(([copy, folder]) =>
    gitSyncReplaced(readObjects(folder), gitSyncImage).map((object) => copyOf(object, labelOf(copy))),
  );
  const webhooks = await copyWebhook(api);
  const remove = async (): Promise<void> => {
    for (const object of policies) await api.request('DELETE', pathOf(object));
    for (const object of webhooks) await api.request('DELETE', configurationPath(object));
  };
  await remove();
  try {
    for (const object of policies) await apply(api, object);
    for (const object of webhooks) await must(api, [201], 'POST', webhookConfigurations, object);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

/** As the chart installed it, with the CA that the webhook has published. */
async function copyWebhook(api: Api): Promise<readonly Json[]> {
  const path = `${webhookConfigurations}/dbt-jobs-webhook`;
  const installed = await eventually('the webhook has published its CA', 60, async () => {
    const found = await must(api, [200], 'GET', path);
    const bundles = listAt(found, 'webhooks').map((one) => textAt(one, 'clientConfig', 'caBundle') ?? '');
    return bundles.every((bundle) => bundle !== '') ? found : undefined;
  });
  return webhookNames.map(([copy, name]) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name },
    webhooks: listAt(selectedBy(installed, labelOf(copy)), 'webhooks'),
  }));
}

function configurationPath(object: Json): string {
  return `${webhookConfigurations}/${textAt(object, 'metadata', 'name') ?? ''}`;
}

/** The object under a name of its own, in charge by another label. */
function copyOf(object: Json, label: string): Json {
  const renamed = (name: string | undefined): string => `together-${name ?? ''}`;
  const { metadata, spec } = selectedBy(object, label);
  const policyName = textAt(spec, 'policyName');
  return {
    ...object,
    metadata: { ...(isJson(metadata) ? metadata : {}), name: renamed(textAt(metadata, 'name')) },
    ...(isJson(spec)
      ? { spec: { ...spec, ...(policyName === undefined ? {} : { policyName: renamed(policyName) }) } }
      : {}),
  };
}

/** With every question for the engine in charge replaced by one for the label. */
function selectedBy(object: Json, label: string): Json {
  const replaced: unknown = JSON.parse(JSON.stringify(object), (_key, value: unknown) =>
    isJson(value) && value['key'] === labels.engine ? { key: label, operator: 'Exists' } : value,
  );
  return isJson(replaced) ? replaced : object;
}
