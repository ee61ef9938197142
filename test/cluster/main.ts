import { clusterBuild, clusterDown, clusterEnv, clusterUp, loadImages } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { describeStatus } from './cluster-status.ts';
import { readSettings } from './config.ts';
import type { Settings } from './config.ts';

const usage = `Usage: node test/cluster/main.ts <command>
  up                build what is missing, start the cluster or repair it
  down              stop it and remove everything it made
  build             build only
  load <archive…>   put images from docker or OCI archives into it
  status            what runs
  env               lines for eval: KUBECONFIG and PATH
Names another cluster: CLUSTER_NAME. Uses a given one: DBT_JOBS_KUBECONFIG.`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Progress goes to stderr, so that what a script reads is only the answer. */
const log = (line: string): void => void process.stderr.write(`${line}\n`);

const summary = (settings: Settings, cluster: Cluster, seconds: number): string[] => {
  const found = cluster.started.length === 0 && cluster.source !== 'given';
  const rows: [string, string | undefined][] = [
    ['source', `${cluster.source}: ${cluster.reason}`],
    ['Kubernetes', cluster.kubernetesVersion],
    ['API server', cluster.server],
    ['kubeconfig', cluster.kubeconfig],
    ['tools', cluster.bin],
    ['logs', cluster.logs],
    ['audit log', cluster.auditLog],
  ];
  return [
    `Cluster ${settings.clusterName} ${found ? 'was up already' : `is ready after ${seconds.toFixed(1)} s`}`,
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)}  ${value}`])),
    `Next: export KUBECONFIG=${cluster.kubeconfig} PATH=${cluster.bin}:$PATH`,
  ];
};

const up = async (settings: Settings): Promise<void> => {
  const startedAt = performance.now();
  const cluster = await clusterUp(settings, log);
  for (const line of summary(settings, cluster, (performance.now() - startedAt) / 1000)) print(line);
};

const commands: Record<string, (settings: Settings, args: readonly string[]) => Promise<void>> = {
  up,
  down: (settings) => clusterDown(settings, log),
  build: async (settings) => {
    const build = await clusterBuild(settings, log);
    print(`Built: ${build.tools}\nNext: make cluster`);
  },
  load: async (settings, archives) => {
    if (archives.length === 0) throw new Error(`load: name at least one archive\n${usage}`);
    await loadImages(settings, archives, log);
  },
  status: async (settings) => {
    for (const line of await describeStatus(settings, Date.now())) print(line);
  },
  env: async (settings) => {
    const { kubeconfig, bin } = await clusterEnv(settings);
    print(`export KUBECONFIG='${kubeconfig}'\nexport PATH='${bin}':"$PATH"`);
  },
};

const main = async ([name = '', ...args]: readonly string[]): Promise<void> => {
  const command = commands[name];
  if (!command) throw new Error(`${name === '' ? 'No command' : `"${name}" is no command`}\n${usage}`);
  await command(readSettings(), args);
};

// A reader such as head or grep -q may leave before everything is said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

main(process.argv.slice(2)).catch((error: unknown) => {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
