import { mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeCertificates, certificatesFor } from './certificates.ts';
import { makeCgroups, processesInCgroups, removeCgroups } from './cgroups.ts';
import { clusterPaths, kernelName } from './cluster-paths.ts';
import type { ClusterFacts } from './cluster-processes.ts';
import { configFiles, kubeconfig } from './config-files.ts';
import type { ConfigFacts } from './config-files.ts';
import type { Settings } from './config.ts';
import { changeHost, restoreHost } from './host-changes.ts';
import { withLock } from './lock.ts';
import { killUntilGone, markedProcesses } from './marked-processes.ts';
import { networkFacts, readNetworkPlan, stopNetwork, upstreamNameServers } from './network.ts';
import { planNetwork } from './network-plan.ts';

/** Where the addresses and the machine-wide settings are decided: one cluster at a time. */
export const hostLock = (settings: Settings): string => join(settings.cacheDir, 'locks/host');

export const clusterLock = (settings: Settings): string =>
  join(settings.cacheDir, 'locks', `cluster-${settings.clusterName}`);

const capSysResource = 1n << 24n;

const mayLowerOomScore = async (): Promise<boolean> => {
  const held = /^CapEff:\s+([0-9a-f]+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${held}`) & capSysResource) !== 0n;
};

const hostNameServers = async (): Promise<string[]> => {
  // systemd-resolved listens on a loopback address and keeps the real servers in a file of its own.
  for (const file of ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']) {
    const servers = upstreamNameServers(await readFile(file, 'utf8').catch(() => ''));
    if (servers.length > 0) return servers;
  }
  return [];
};

/**
 * Kernel objects are named after the cluster, so that a name can be used once a machine.
 * @throws when a cluster with its data elsewhere has it.
 */
const claimName = async (settings: Settings): Promise<void> => {
  const { dir, run, owner } = clusterPaths(settings);
  const ownedBy = await readFile(owner, 'utf8').catch(() => dir);
  if (ownedBy !== dir) {
    throw new Error(
      `CLUSTER_NAME: "${settings.clusterName}" is the cluster in ${ownedBy}\n` +
        'Choose another name, or set XDG_STATE_HOME as it was when that cluster was started.',
    );
  }
  await mkdir(run, { recursive: true });
  await writeFile(owner, dir);
};

/** The cluster's addresses, remembered from its first start until it is taken down. */
const claimNetwork = (settings: Settings): Promise<ClusterFacts['plan']> =>
  withLock(
    hostLock(settings),
    () => undefined,
    async () => {
      const paths = clusterPaths(settings);
      await claimName(settings);
      await changeHost(settings.runDir);
      const remembered = await readNetworkPlan(paths.network);
      if (remembered) return remembered;
      const plan = planNetwork(await networkFacts(settings.stateDir));
      await mkdir(paths.dir, { recursive: true });
      await writeFile(`${paths.network}.partial`, JSON.stringify(plan));
      await rename(`${paths.network}.partial`, paths.network);
      return plan;
    },
  );

export const prepareFacts = async (settings: Settings): Promise<ConfigFacts> => ({
  paths: clusterPaths(settings),
  plan: await claimNetwork(settings),
  nodeName: kernelName(settings.clusterName),
  clusterName: settings.clusterName,
  mayLowerOomScore: await mayLowerOomScore(),
  upstreamNameServers: await hostNameServers(),
});

/** Facts of a cluster that has been started before; none when it has not. */
export const rememberedFacts = async (settings: Settings): Promise<ClusterFacts | undefined> => {
  const paths = clusterPaths(settings);
  const plan = await readNetworkPlan(paths.network);
  return plan && { paths, plan, nodeName: kernelName(settings.clusterName) };
};

const writeIfChanged = async (file: string, content: string): Promise<boolean> => {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === content) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return true;
};

/** Writes certificates and configuration, and says which files are not what they were. */
export const writeConfiguration = async (facts: ConfigFacts): Promise<Set<string>> => {
  const { paths } = facts;
  for (const folder of [paths.logs, paths.podLogs, paths.run]) await mkdir(folder, { recursive: true });
  await makeCertificates(paths.pki, certificatesFor(facts.nodeName, facts.plan));
  const changed = new Set<string>();
  for (const [name, content] of Object.entries(configFiles(facts))) {
    const file = join(paths.config, name);
    if (await writeIfChanged(file, content)) changed.add(file);
  }
  await writeIfChanged(paths.kubeconfig, kubeconfig(facts, 'admin'));
  await makeCgroups(kernelName(facts.clusterName));
  return changed;
};

/** Ends every process of the cluster and its containers, and removes what the kernel holds for it; its data stay. */
export const sweep = async (settings: Settings): Promise<void> => {
  const paths = clusterPaths(settings);
  const name = kernelName(settings.clusterName);
  await killUntilGone(async () => [
    ...(await markedProcesses(paths.dir)).map((process) => process.pid),
    ...(await processesInCgroups(name)),
  ]);
  await removeCgroups(name);
  await stopNetwork(settings.clusterName, await readNetworkPlan(paths.network));
};

const othersRun = async (runDir: string): Promise<boolean> =>
  (await readdir(runDir, { withFileTypes: true }).catch(() => [])).some((entry) => entry.isDirectory());

/** Leaves nothing of the cluster. What is mounted for it went with its last process. */
export const removeEmbedded = async (settings: Settings): Promise<void> => {
  const paths = clusterPaths(settings);
  if ((await readFile(paths.owner, 'utf8').catch(() => paths.dir)) !== paths.dir) return;
  await sweep(settings);
  await rm(paths.run, { recursive: true, force: true });
  await rm(paths.dir, { recursive: true, force: true });
  await withLock(
    hostLock(settings),
    () => undefined,
    async () => {
      if (await othersRun(settings.runDir)) return;
      await restoreHost(settings.runDir);
      for (const folder of [settings.stateDir, dirname(settings.stateDir), settings.runDir])
        await rmdir(folder).catch(() => undefined);
    },
  );
};
