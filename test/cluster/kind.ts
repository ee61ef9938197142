import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mustRun } from './command.ts';
import { clusterPaths } from './cluster-paths.ts';
import type { Settings } from './config.ts';
import type { Log } from './machine.ts';

const config = join(import.meta.dirname, 'kind.yaml');

const exists = async (settings: Settings, kind: string): Promise<boolean> =>
  (await mustRun(kind, ['get', 'clusters', '--quiet'])).split('\n').includes(settings.clusterName);

/** @returns whether it had to be started. */
export const startKind = async (settings: Settings, kind: string, log: Log): Promise<boolean> => {
  const { kubeconfig } = clusterPaths(settings);
  await mkdir(dirname(kubeconfig), { recursive: true });
  const target = ['--name', settings.clusterName, '--kubeconfig', kubeconfig];
  if (await exists(settings, kind)) {
    await mustRun(kind, ['export', 'kubeconfig', ...target]);
    return false;
  }
  log('Creating a kind cluster: its node image is pulled the first time (about 1 GB)');
  await mustRun(kind, ['create', 'cluster', ...target, '--config', config, '--wait', '180s'], {
    cwd: dirname(config),
  });
  return true;
};

export const removeKind = async (settings: Settings, kind: string): Promise<void> => {
  const paths = clusterPaths(settings);
  await mustRun(kind, [
    'delete',
    'cluster',
    '--name',
    settings.clusterName,
    '--kubeconfig',
    paths.kubeconfig,
  ]);
  await rm(paths.dir, { recursive: true, force: true });
};

export const loadIntoKind = async (
  settings: Settings,
  kind: string,
  archives: readonly string[],
): Promise<void> => {
  for (const archive of archives) {
    await mustRun(kind, ['load', 'image-archive', archive, '--name', settings.clusterName]);
  }
};
