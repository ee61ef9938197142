import { readSettings } from '../cluster/config.ts';
import type { Settings } from '../cluster/config.ts';
import { kyvernoCli } from './binaries.ts';
import { install } from './install.ts';
import { deployment, namespace } from './manifests.ts';
import { uninstall } from './uninstall.ts';

const usage = `Usage: node test/kyverno/main.ts <command>
  install     Kyverno's admission controller into the cluster, or bring it to what it should be
  uninstall   remove it, with its webhooks, its CRDs and every policy
  cli         path of Kyverno's CLI, built if need be; needs no cluster
Names another cluster: CLUSTER_NAME. Uses a given one: DBT_JOBS_KUBECONFIG.`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Progress goes to stderr, so that what a script reads is only the answer. */
const log = (line: string): void => void process.stderr.write(`${line}\n`);

const commands: Record<string, (settings: Settings) => Promise<void>> = {
  install: async (settings) => {
    const startedAt = performance.now();
    const { version, image, imageBytes } = await install(settings, log);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    print(`Kyverno ${version} answers after ${seconds} s`);
    print(`  image       ${image}, ${(imageBytes / 2 ** 20).toFixed(0)} MiB`);
    print(`  runs as     deployment/${deployment} in namespace ${namespace}, ServiceAccount ${deployment}`);
    print('Next: kubectl apply --server-side -f policies/mutating-policy');
  },
  uninstall: async (settings) => {
    const removed = await uninstall(settings, log);
    print(removed ? 'Kyverno is gone' : 'Kyverno was not there');
  },
  cli: async (settings) => print(await kyvernoCli(settings, log)),
};

const main = async ([name = '', ...rest]: readonly string[]): Promise<void> => {
  const command = commands[name];
  if (!command || rest.length > 0)
    throw new Error(
      `${name === '' ? 'No command' : `"${[name, ...rest].join(' ')}" is no command`}\n${usage}`,
    );
  await command(readSettings());
};

main(process.argv.slice(2)).catch((error: unknown) => {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
