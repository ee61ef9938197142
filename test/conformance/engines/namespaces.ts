import { eventually } from '../../../examples/demo/wait.ts';
import { gitSync } from '../../../contract/names.ts';
import { secretCanary } from '../canary.ts';
import type { Json } from '../json.ts';
import { fieldsAt, isJson, listAt, textAt, without } from '../json.ts';
import type { Placement, Slot } from '../place-cases.ts';
import type { Case } from '../read-cases.ts';
import { isTokenVolume } from '../servers-own.ts';
import type { Api } from './api.ts';
import { must } from './api.ts';
import { sentinelProject } from './sentinel.ts';

/** The namespaces of one engine, with everything in them that the cases ask for. */
export interface Namespaces {
  /** Where the sentinel is. */
  readonly first: string;
  readonly sentinelUid: string;
  of(asked: Case): string;
  /** As the server must have it: the UIDs of its own projects, the git-sync image of its installation. */
  toServer(asked: Case, object: Json): Json;
  /** As the case has it. */
  fromServer(asked: Case, object: Json): Json;
  readonly remove: () => Promise<void>;
}

export interface NamespacesWanted {
  /** Part of their names: which engine they are of. */
  readonly owner: string;
  /** Of each: they say which engine is in charge. */
  readonly labels: Readonly<Record<string, string>>;
  readonly placement: Placement;
  /** Part of their names: a namespace of an earlier run may still be going. */
  readonly run: string;
  readonly gitSyncImage: string;
}

/** @throws where the API server refuses a project or another object of a case. */
export async function makeNamespaces(api: Api, wanted: NamespacesWanted): Promise<Namespaces> {
  const { slots, slotOf } = wanted.placement;
  const names = slots.map((_slot, index) => `conformance-${wanted.run}-${wanted.owner}-${index}`);
  const made: string[] = [];
  const uids = await Promise.all(
    slots.map((slot, index) => fill(api, names[index] ?? '', slot, wanted.labels, made)),
  );
  const [first = ''] = names;
  // Last of all: whoever knows it knows every project made before.
  const sentinelUid = await makeProject(api, first, sentinelProject);
  const swaps = (asked: Case): readonly (readonly [recorded: string, real: string])[] => [
    [gitSync.image, wanted.gitSyncImage],
    ...(uids[slotOf.get(asked.name) ?? -1] ?? []),
  ];
  return {
    first,
    sentinelUid,
    of: ({ name }) => names[slotOf.get(name) ?? -1] ?? '',
    toServer: (asked, object) => swap(object, swaps(asked)),
    fromServer: (asked, object) =>
      swap(
        object,
        swaps(asked).map(([recorded, real]) => [real, recorded]),
      ),
    remove: async () => {
      await Promise.all(made.map((name) => api.request('DELETE', `/api/v1/namespaces/${name}`)));
    },
  };
}

function swap(object: Json, swaps: readonly (readonly [from: string, to: string])[]): Json {
  const text = swaps.reduce((found, [from, to]) => found.replaceAll(from, to), JSON.stringify(object));
  const swapped: unknown = JSON.parse(text);
  return isJson(swapped) ? swapped : {};
}

/** Recorded UID → the one that the server gave, of each project in the namespace. */
async function fill(
  api: Api,
  namespace: string,
  slot: Slot,
  labels: NamespacesWanted['labels'],
  made: string[],
): Promise<readonly (readonly [string, string])[]> {
  const { namespaceLabels, neighbours, limits } = slot.around;
  const own = { ...labels, ...namespaceLabels };
  await makeNamespace(api, namespace, own, made);
  if (neighbours.length > 0) {
    const other = `${namespace}-neighbour`;
    await makeNamespace(api, other, own, made);
    for (const project of neighbours) await makeProject(api, other, project);
  }
  for (const limit of limits) await makeLimit(api, namespace, limit);
  return await Promise.all(
    [...slot.projects.values()].map(async (project) => {
      await makeSecrets(api, namespace, project);
      return [textAt(project, 'metadata', 'uid') ?? '', await makeProject(api, namespace, project)] as const;
    }),
  );
}

async function makeNamespace(
  api: Api,
  name: string,
  wanted: Readonly<Record<string, string | null>>,
  made: string[],
): Promise<void> {
  const present = Object.entries(wanted).filter(([, value]) => value !== null);
  await must(api, [201], 'POST', '/api/v1/namespaces', {
    metadata: { name, labels: Object.fromEntries(present) },
  });
  made.push(name);
  // As the chart makes it for an organization; the cluster's own controller may have been first.
  const path = `/api/v1/namespaces/${name}/serviceaccounts`;
  const account = { metadata: { name: 'default' }, automountServiceAccountToken: false };
  const { status } = await api.request('POST', path, account);
  if (status === 201) return;
  await must(api, [200], 'PATCH', `${path}/default`, account, 'application/merge-patch+json');
  await eventually(`pods of ${name} without a token`, 30, async () => {
    const pod = {
      metadata: { name: 'probe' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'probe', image: 'probe:1' }] },
    };
    const { status: probed, body } = await api.request(
      'POST',
      `/api/v1/namespaces/${name}/pods?dryRun=All`,
      pod,
    );
    return probed !== 201 || !listAt(body, 'spec', 'volumes').some(isTokenVolume) ? true : undefined;
  });
}

async function makeProject(api: Api, namespace: string, project: Json): Promise<string> {
  const path = `/apis/dbt-jobs.io/v1alpha1/namespaces/${namespace}/dbtprojects`;
  const name = textAt(project, 'metadata', 'name') ?? '';
  const body = { ...without(project, 'status'), metadata: { name } };
  const { metadata } = await must(api, [201], 'POST', path, body);
  if (isJson(project['status'])) {
    await must(
      api,
      [200],
      'PATCH',
      `${path}/${name}/status`,
      { status: project['status'] },
      'application/merge-patch+json',
    );
  }
  return textAt(metadata, 'uid') ?? '';
}

/** What an engine that reads or copies a credential would give away. */
async function makeSecrets(api: Api, namespace: string, { spec }: Json): Promise<void> {
  const named = [
    textAt(spec, 'repository', 'secretName'),
    ...listAt(spec, 'credentials').map((one) => textAt(one, 'secretName')),
  ];
  for (const name of new Set(named)) {
    if (name === undefined) continue;
    await must(api, [201, 409], 'POST', `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name },
      stringData: { password: secretCanary },
    });
  }
}

async function makeLimit(api: Api, namespace: string, limit: Json): Promise<void> {
  const plural = limit['kind'] === 'LimitRange' ? 'limitranges' : 'resourcequotas';
  const path = `/api/v1/namespaces/${namespace}/${plural}`;
  const { metadata } = await must(api, [201], 'POST', path, without(limit, 'status'));
  if (Object.keys(fieldsAt(limit, 'status')).length === 0) return;
  const name = textAt(metadata, 'name') ?? '';
  await must(
    api,
    [200],
    'PATCH',
    `${path}/${name}/status`,
    { status: limit['status'] },
    'application/merge-patch+json',
  );
}
