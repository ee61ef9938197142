import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addOns } from './add-ons.ts';
import { clusterProcesses } from './cluster-processes.ts';
import type { ClusterProcess } from './cluster-processes.ts';
import { mustRun, run } from './command.ts';
import type { ConfigFacts } from './config-files.ts';
import type { Settings } from './config.ts';
import { prepareFacts, sweep, writeConfiguration } from './embedded.ts';
import { fixedPaths } from './host-changes.ts';
import { pauseImage } from './images/pause-image.ts';
import { isComponent, killUntilGone, markedProcesses, startMarked } from './marked-processes.ts';
import type { MarkedProcess } from './marked-processes.ts';
import { networkIsUp, networkNamespaceFile, startNetwork } from './network.ts';
import { apiCheck, passing, readinessChecks, waitUntilReady } from './readiness.ts';

export type Binaries = { path: (name: string) => string; pauseArchive: string };

/** A warm start takes a third of it on 2 idle cores. */
const readyTimeoutMs = 120_000;

/** Holds the mount namespace: what is mounted for the cluster is seen by no other process, and goes with its last one. */
const holder = 'sleep';

const holderScript = (facts: ConfigFacts): string =>
  [
    'set -e',
    // The kubelet's mounts have to reach the containers, so they are shared again, but only in here.
    'mount --make-rshared /',
    ...Object.entries(fixedPaths).flatMap(([folder, path]) => {
      const source = join(facts.paths.fixed, folder);
      return [`mkdir -p '${source}'`, `mount --bind '${source}' ${path}`];
    }),
    `exec ${holder} infinity`,
  ].join('\n');

const processEnvironment = (settings: Settings, name: string): Record<string, string> => {
  // Only what pulls images may need the machine's proxy and certificates; the others would send cluster traffic there.
  const passed =
    name === 'containerd' ? /^(PATH|HOME|SSL_CERT_.*|(https?|no)_proxy|(HTTPS?|NO)_PROXY)$/ : /^(PATH|HOME)$/;
  return Object.fromEntries(
    Object.entries(settings.environment).flatMap(([key, value]) =>
      passed.test(key) && value !== undefined ? [[key, value]] : [],
    ),
  );
};

const findHolder = (running: readonly MarkedProcess[]): MarkedProcess | undefined =>
  running.find((process) => process.component === holder && basename(process.argv[0] ?? '') === holder);

const startHolder = async (settings: Settings, facts: ConfigFacts): Promise<number> => {
  await startMarked({
    dir: facts.paths.dir,
    component: holder,
    command: 'nsenter',
    args: [
      `--net=${networkNamespaceFile(settings.clusterName)}`,
      ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c', holderScript(facts)],
    ],
    logFile: join(facts.paths.logs, 'namespaces.log'),
    env: processEnvironment(settings, holder),
  });
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = findHolder(await markedProcesses(facts.paths.dir));
    if (found) return found.pid;
    await sleep(20);
  }
  throw new Error(
    `The cluster's namespaces could not be made\nRead ${join(facts.paths.logs, 'namespaces.log')}`,
  );
};

type Start = { settings: Settings; facts: ConfigFacts; binaries: Binaries; holderPid: number };

const commandOf = ({ binaries }: Start, process: ClusterProcess): string =>
  process.name === 'containerd' ? 'containerd' : binaries.path(process.name);

const startProcess = (start: Start, process: ClusterProcess): Promise<number> => {
  const { settings, facts, holderPid } = start;
  return startMarked({
    dir: facts.paths.dir,
    component: process.name,
    command: 'nsenter',
    args: ['--target', String(holderPid), '--net', '--mount', commandOf(start, process), ...process.args],
    logFile: join(facts.paths.logs, `${process.name}.log`),
    env: processEnvironment(settings, process.name),
  });
};

/** Keeps what runs as it should; ends what runs with another version, other flags or old configuration. */
const missing = async (start: Start, changed: ReadonlySet<string>): Promise<ClusterProcess[]> => {
  const running = await markedProcesses(start.facts.paths.dir);
  const toStart: ClusterProcess[] = [];
  for (const process of clusterProcesses(start.facts)) {
    const wanted = [commandOf(start, process), ...process.args].join('\0');
    const found = running.filter((candidate) => isComponent(candidate, process.name));
    const current =
      found.length === 1 &&
      found[0]?.argv.join('\0') === wanted &&
      !process.reads.some((file) => changed.has(file));
    if (current) continue;
    const pids = found.map((candidate) => candidate.pid);
    await killUntilGone(async () =>
      (await markedProcesses(start.facts.paths.dir))
        .map((candidate) => candidate.pid)
        .filter((pid) => pids.includes(pid)),
    );
    toStart.push(process);
  }
  return toStart;
};

const loadPauseImage = async ({ facts, binaries }: Start): Promise<void> => {
  const ctr = ['--address', facts.paths.containerdSocket, '--namespace', 'k8s.io', 'images'];
  const deadline = Date.now() + 20_000;
  while ((await run('ctr', ['--connect-timeout', '1s', ...ctr, 'list', '--quiet'])).code !== 0) {
    if (Date.now() > deadline)
      throw new Error(`containerd does not answer\nRead ${join(facts.paths.logs, 'containerd.log')}`);
    await sleep(100);
  }
  const listed = await mustRun('ctr', [...ctr, 'list', '--quiet']);
  if (!listed.split('\n').includes(pauseImage))
    await mustRun('ctr', [...ctr, 'import', binaries.pauseArchive]);
};

const applyAddOns = async ({ facts, binaries }: Start): Promise<void> => {
  const kubectl = [
    '--kubeconfig',
    facts.paths.kubeconfig,
    '--cache-dir',
    join(facts.paths.dir, 'kubectl-cache'),
  ];
  await mustRun(binaries.path('kubectl'), [...kubectl, 'apply', '--server-side', '--filename', '-'], {
    input: addOns(facts.plan),
  });
};

export type Started = { started: readonly string[]; facts: ConfigFacts };

/** Brings the cluster to where it should be, from wherever an earlier start, a crash or a kill left it. */
export const startEmbedded = async (settings: Settings, binaries: Binaries): Promise<Started> => {
  const facts = await prepareFacts(settings);
  const before = findHolder(await markedProcesses(facts.paths.dir));
  const intact = before !== undefined && (await networkIsUp(settings.clusterName));
  if (!intact) {
    await sweep(settings);
    await startNetwork(settings.clusterName, facts.plan);
  }
  const changed = await writeConfiguration(facts);
  const holderPid = intact ? before.pid : await startHolder(settings, facts);
  const start: Start = { settings, facts, binaries, holderPid };
  const toStart = await missing(start, changed);
  if (toStart.length === 0 && (await passing(readinessChecks(facts, new Date(0)))))
    return { started: [], facts };

  for (const process of toStart.filter(({ stage }) => stage === 'first')) await startProcess(start, process);
  await Promise.all([waitUntilReady([apiCheck(facts)], readyTimeoutMs), loadPauseImage(start)]);
  const since = toStart.some(({ name }) => name === 'kubelet') ? new Date() : new Date(0);
  for (const process of toStart.filter(({ stage }) => stage === 'api')) await startProcess(start, process);
  await applyAddOns(start);
  await waitUntilReady(readinessChecks(facts, since), readyTimeoutMs);
  return { started: toStart.map(({ name }) => name), facts };
};
