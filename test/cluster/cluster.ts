import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ensureBuild, findBuild } from './build.ts';
import type { Build } from './build.ts';
import { clusterPaths } from './cluster-paths.ts';
import { mustRun, run } from './command.ts';
import type { Source } from './components.ts';
import type { Settings } from './config.ts';
import { clusterLock, removeEmbedded } from './embedded.ts';
import { pauseArchive } from './images/pause-image.ts';
import { loadIntoKind, removeKind, startKind } from './kind.ts';
import { embeddedClusterOf, serverIn } from './kubeconfig.ts';
import { withLock } from './lock.ts';
import type { Log } from './machine.ts';
import { chooseSource } from './source.ts';
import type { ChosenSource } from './source.ts';
import { startEmbedded } from './start-embedded.ts';

export type { Log, Settings };

/** What a test needs to use a cluster. */
export type ClusterEnv = {
  kubeconfig: string;
  /** A folder with kubectl and helm, for PATH. */
  bin: string;
};

export type Cluster = ClusterEnv & {
  source: Source;
  reason: string;
  server: string;
  kubernetesVersion: string;
  /** Where the API server writes the bodies of requests for pods and Jobs; none where it cannot be read. */
  auditLog: string | undefined;
  logs: string | undefined;
  /** What had to be started; empty when everything was running. */
  started: readonly string[];
};

const startedAs = async (settings: Settings): Promise<'kind' | 'embedded' | undefined> => {
  const text = await readFile(clusterPaths(settings).source, 'utf8').catch(() => '');
  return text === 'kind' || text === 'embedded' ? text : undefined;
};

const rememberSource = async (settings: Settings, source: Source): Promise<void> => {
  const paths = clusterPaths(settings);
  await mkdir(paths.dir, { recursive: true });
  await writeFile(paths.source, source);
};

export const sourceOf = async (settings: Settings): Promise<ChosenSource> => {
  const { givenKubeconfig } = settings;
  const remembered = await startedAs(settings);
  const askDocker = givenKubeconfig === undefined && remembered === undefined;
  const dockerAnswers = askDocker && (await run('docker', ['info'], { timeoutMs: 5_000 })).code === 0;
  return chooseSource({ givenKubeconfig, startedAs: remembered, dockerAnswers });
};

const kubeconfigOf = (settings: Settings): string =>
  settings.givenKubeconfig === undefined
    ? clusterPaths(settings).kubeconfig
    : resolve(settings.givenKubeconfig);

const serverVersion = async (build: Build, kubeconfig: string): Promise<string> => {
  const answer = await mustRun(build.path('kubectl'), [
    '--kubeconfig',
    kubeconfig,
    '--request-timeout=15s',
    'get',
    '--raw',
    '/version',
  ]);
  return /"gitVersion": "([^"]+)"/.exec(answer)?.[1] ?? 'unknown';
};

const start = async (
  settings: Settings,
  source: Source,
  build: Build,
  log: Log,
): Promise<readonly string[]> => {
  if (source === 'given') return [];
  await rememberSource(settings, source);
  if (source === 'kind') return (await startKind(settings, build.path('kind'), log)) ? ['kind'] : [];
  const archive = await pauseArchive(settings.cacheDir);
  return (await startEmbedded(settings, { path: build.path, pauseArchive: archive })).started;
};

/** Brings the cluster up, or repairs it, or finds it running; a given one is only looked at. */
export const clusterUp = async (settings: Settings, log: Log): Promise<Cluster> => {
  const { source, reason } = await sourceOf(settings);
  log(`Cluster ${settings.clusterName}: ${source}, because ${reason}`);
  const build = await ensureBuild(settings, source, log);
  const onWait = (): void => log(`Somebody else is starting or stopping ${settings.clusterName}: waiting`);
  const started = await withLock(clusterLock(settings), onWait, () => start(settings, source, build, log));
  const paths = clusterPaths(settings);
  const kubeconfig = kubeconfigOf(settings);
  return {
    source,
    reason,
    kubeconfig,
    bin: build.tools,
    server: serverIn(await readFile(kubeconfig, 'utf8')) ?? 'unknown',
    kubernetesVersion: await serverVersion(build, kubeconfig),
    auditLog: source === 'embedded' ? paths.auditLog : undefined,
    logs: source === 'embedded' ? paths.logs : undefined,
    started,
  };
};

/** Takes the cluster down and leaves nothing of it; a given one is left alone. */
export const clusterDown = async (settings: Settings, log: Log): Promise<void> => {
  const { source } = await sourceOf(settings);
  if (source === 'given') {
    log('The cluster of DBT_JOBS_KUBECONFIG is left alone: it was not started from here');
    return;
  }
  const onWait = (): void => log(`Somebody else is starting or stopping ${settings.clusterName}: waiting`);
  const remembered = await startedAs(settings);
  await withLock(clusterLock(settings), onWait, async () => {
    if (remembered === 'kind')
      return removeKind(settings, (await ensureBuild(settings, 'kind', log)).path('kind'));
    if (process.getuid?.() === 0) return removeEmbedded(settings);
    if (remembered)
      throw new Error(`Cluster ${settings.clusterName} can only be taken down by root, who started it`);
  });
  log(remembered ? `Cluster ${settings.clusterName} is down` : `Cluster ${settings.clusterName} was not up`);
};

/** Builds what the cluster of these settings needs, and starts nothing. */
export const clusterBuild = async (settings: Settings, log: Log): Promise<Build> => {
  const { source } = await sourceOf(settings);
  const build = await ensureBuild(settings, source, log);
  if (source === 'embedded') await pauseArchive(settings.cacheDir);
  return build;
};

/** @throws when there is no cluster to use. */
export const clusterEnv = async (settings: Settings): Promise<ClusterEnv> => {
  const { source } = await sourceOf(settings);
  const build = await findBuild(settings, source);
  const kubeconfig = kubeconfigOf(settings);
  const present = source === 'given' || (await startedAs(settings)) !== undefined;
  if (!build || !present)
    throw new Error(`Cluster ${settings.clusterName} is not up\nBring it up with: make cluster`);
  return { kubeconfig, bin: build.tools };
};

const loadIntoEmbedded = async (
  settings: Settings,
  clusterName: string,
  archives: readonly string[],
): Promise<string[]> => {
  const { containerdSocket } = clusterPaths({ ...settings, clusterName });
  const images: string[] = [];
  for (const archive of archives) {
    const args = ['--address', containerdSocket, '--namespace', 'k8s.io', 'images', 'import', archive];
    const said = await mustRun('ctr', args);
    images.push(...[...said.matchAll(/^unpacking (\S+)/gm)].flatMap(([, image]) => image ?? []));
  }
  return images;
};

/**
 * Puts images from docker or OCI archives into the cluster, so that pods run them without a registry.
 * @throws when the cluster is a given one that is not an embedded one of this machine.
 */
export const loadImages = async (
  settings: Settings,
  archives: readonly string[],
  log: Log,
): Promise<void> => {
  const { source } = await sourceOf(settings);
  const embedded =
    source === 'given'
      ? await embeddedClusterOf(settings, kubeconfigOf(settings))
      : source === 'embedded' && settings.clusterName;
  if (source === 'kind') {
    const build = await ensureBuild(settings, source, log);
    await loadIntoKind(settings, build.path('kind'), archives);
    log(`Loaded ${archives.length} archives into kind cluster ${settings.clusterName}`);
    return;
  }
  if (typeof embedded !== 'string') {
    throw new Error(
      'Images cannot be loaded into the cluster of DBT_JOBS_KUBECONFIG: its nodes are not on this machine\n' +
        'Push them to a registry that its nodes pull from, and name them by that registry.',
    );
  }
  for (const image of await loadIntoEmbedded(settings, embedded, archives))
    log(`Loaded ${image} into ${embedded}`);
};
