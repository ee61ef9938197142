import { engines } from '../../contract/names.ts';
import { Commands, withExports } from '../../examples/demo/command.ts';
import type { ClusterEnv } from '../cluster/cluster.ts';
import { clusterEnv } from '../cluster/cluster.ts';
import { readSettings } from '../cluster/config.ts';
import { environment } from '../config.ts';

const release = ['dbt-jobs', '--namespace', 'dbt-jobs-system'];
export const chart = new URL('../../manifests/chart', import.meta.url).pathname;

/** An installation that was given every engine: each is in charge of the namespaces that name it. */
export interface EveryEngine {
  readonly env: ClusterEnv;
  readonly commands: Commands;
  /** Makes the installation again what it was. */
  readonly restore: () => Promise<void>;
}

/** Upgrades the installed chart with every engine and what `--set` says; what an earlier run left is taken over. */
export async function installEveryEngine(...set: readonly string[]): Promise<EveryEngine> {
  const env = await clusterEnv(readSettings());
  const commands = new Commands(
    withExports(environment, `export KUBECONFIG='${env.kubeconfig}'\nexport PATH='${env.bin}'`),
  );
  const values = await commands.run('helm', ['get', 'values', ...release, '-o', 'yaml']);
  const upgrade = async (...more: readonly string[]): Promise<void> => {
    const [name = '', ...where] = release;
    const how = ['--take-ownership', '--force-conflicts', '--wait', '--timeout', '180s'];
    const args = ['upgrade', name, chart, ...where, '--values', '-', ...more, ...how];
    await commands.run('helm', args, { input: values });
  };
  const sets = [`extraEngines={${engines.join(',')}}`, ...set].flatMap((one) => ['--set', one]);
  await upgrade(...sets);
  return { env, commands, restore: () => upgrade() };
}
