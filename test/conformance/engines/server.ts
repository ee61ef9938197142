import { labels } from '../../../contract/names.ts';
import { eventually } from '../../../examples/demo/wait.ts';
import type { Json } from '../json.ts';
import type { Placement } from '../place-cases.ts';
import { placeCases } from '../place-cases.ts';
import type { Case } from '../read-cases.ts';
import type { Api } from './api.ts';
import { connect } from './api.ts';
import type { Admission } from './engine.ts';
import { makeNamespaces } from './namespaces.ts';
import { apply, install, installedGitSyncImage, readObjects } from './policies.ts';
import { createDryRun } from './requests.ts';
import { backstopDenies } from './sentinel.ts';

/** How long the CRD and the backstop may take to be at work, s. */
const installSeconds = 60;

/** One API server for every engine that runs on it: connected once, with the CRD, the backstop and a reference. */
export interface SharedServer {
  /** The server, or why there is none; `cases` are the same for every engine of a run. */
  open(cases: readonly Case[]): Promise<OpenServer | { readonly notRun: string }>;
  /** Of the server that was opened; undefined where none was. */
  version(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface OpenServer {
  readonly api: Api;
  readonly placement: Placement;
  /** Part of the names of what is made. */
  readonly run: string;
  /** That of the installation, which need not be the contract's. */
  readonly gitSyncImage: string;
  /** What the surroundings alone make of an object: asked once for each. */
  readonly reference: (asked: Case, object: Json) => Promise<Admission>;
  readonly close: () => Promise<void>;
}

export function sharedServer(kubeconfig: string, run: string): SharedServer {
  let opened: Promise<OpenServer | { readonly notRun: string }> | undefined;
  const found = async (): Promise<OpenServer | undefined> => {
    const server = await opened;
    return server === undefined || 'notRun' in server ? undefined : server;
  };
  return {
    open: (cases) => (opened ??= openServer(kubeconfig, run, cases)),
    version: async () => (await found())?.api.version,
    close: async () => {
      await (await found())?.close();
    },
  };
}

async function openServer(
  kubeconfig: string,
  run: string,
  cases: readonly Case[],
): Promise<OpenServer | { readonly notRun: string }> {
  const api = await connect(kubeconfig);
  if ('notRun' in api) return api;
  await installCrd(api);
  const placement = placeCases(cases);
  const gitSyncImage = await installedGitSyncImage(api);
  // No engine of this name: the backstop takes the namespace for one that is managed, and nobody changes its pods.
  const managed = { [labels.engine]: 'conformance-reference' };
  const namespaces = await makeNamespaces(api, {
    owner: 'reference',
    labels: managed,
    placement,
    run,
    gitSyncImage,
  });
  await install(api, readObjects('policies/backstop'), {
    seconds: installSeconds,
    atWork: () => backstopDenies(api, namespaces.first, namespaces.sentinelUid),
  });
  const answers = new Map<string, Promise<Admission>>();
  const reference = (asked: Case, object: Json): Promise<Admission> => {
    const key = `${asked.name} ${JSON.stringify(object)}`;
    const known = answers.get(key) ?? createDryRun(api, namespaces, asked, object);
    answers.set(key, known);
    return known;
  };
  return { api, placement, run, gitSyncImage, reference, close: namespaces.remove };
}

async function installCrd(api: Api): Promise<void> {
  const served = async (): Promise<boolean> =>
    (await api.request('GET', '/apis/dbt-jobs.io/v1alpha1/dbtprojects?limit=1')).status === 200;
  if (!(await served())) for (const crd of readObjects('contract/dbtproject.crd.yaml')) await apply(api, crd);
  await eventually('DbtProjects served', installSeconds, async () => ((await served()) ? true : undefined));
}
