import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a cluster lives and what it is called. Everything the environment can say about it is read here. */
export type Settings = {
  clusterName: string;
  /** Built binaries, shared by every cluster of this user. */
  cacheDir: string;
  /** Data, certificates and logs, one folder a cluster. */
  stateDir: string;
  /** Sockets: a path must stay below the kernel's 108 bytes, so they do not live under the home directory. */
  runDir: string;
  /** A cluster that is given: used, never started or stopped. */
  givenKubeconfig: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
};

/** The name becomes part of file names, a network namespace and a cgroup. */
const clusterNamePattern = /^[a-z]([-a-z0-9]{0,30}[a-z0-9])?$/;

/** @throws when CLUSTER_NAME cannot name a cluster. */
export const settingsFrom = (environment: Readonly<Record<string, string | undefined>>): Settings => {
  const clusterName = environment['CLUSTER_NAME'] || 'dbt-jobs';
  if (!clusterNamePattern.test(clusterName)) {
    throw new Error(
      `CLUSTER_NAME: "${clusterName}" cannot name a cluster\n` +
        'Use at most 32 lower-case letters, digits and dashes, starting with a letter, such as dbt-jobs-test.',
    );
  }
  const home = environment['HOME'] || homedir();
  return {
    clusterName,
    cacheDir: join(environment['XDG_CACHE_HOME'] || join(home, '.cache'), 'dbt-jobs'),
    stateDir: join(environment['XDG_STATE_HOME'] || join(home, '.local/state'), 'dbt-jobs/clusters'),
    runDir: '/run/dbt-jobs',
    givenKubeconfig: environment['DBT_JOBS_KUBECONFIG'] || undefined,
    environment,
  };
};

export const readSettings = (): Settings => settingsFrom(process.env);
