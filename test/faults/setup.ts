/** Brings up what the faults happen to: a cluster without an installation, and toxiproxy. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureComponents } from '../cluster/build.ts';
import { type Cluster, clusterDown, clusterUp, loadImages, type Settings } from '../cluster/cluster.ts';
import { clusterPaths } from '../cluster/cluster-paths.ts';
import { mustRun } from '../cluster/command.ts';
import { readSettings } from '../cluster/config.ts';
import { busyboxArchive } from '../cluster/images/busybox-image.ts';
import { faultsCluster } from '../config.ts';
import { kubectl } from '../kyverno/kubectl.ts';
import { startToxiproxy } from './toxiproxy.ts';

declare module 'vitest' {
  interface ProvidedContext {
    faults: Faults;
  }
}

/** What every test under faults shares. */
export interface Faults {
  readonly settings: Settings;
  /** `https://host:port` of the API server. */
  readonly server: string;
  readonly kubeconfig: string;
  /** The folder with the API server's certificate and key, and its ca.crt. */
  readonly pki: string;
  /** Where toxiproxy's API is. */
  readonly toxiproxy: string;
  /** A folder for spools and tokens, which goes at the end. */
  readonly folder: string;
}

const root = new URL('../../', import.meta.url).pathname;
export const installation = 'dbt-jobs-system';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await startFaults();
  project.provide('faults', started.faults);
  return () => started.down();
}

/** @throws where the cluster is none whose parts can be killed. */
export async function startFaults(): Promise<{ readonly faults: Faults; down(): Promise<void> }> {
  const settings = { ...readSettings(), clusterName: faultsCluster };
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const cluster = await clusterUp(settings, log);
  if (cluster.source !== 'embedded')
    throw new Error(
      `the cluster is ${cluster.source}: its API server cannot be killed from here\n` +
        'unset DBT_JOBS_KUBECONFIG, on Linux, as root and without Docker',
    );
  await loadImages(settings, [await busyboxArchive(settings.cacheDir)], log);
  await installAccess(cluster);
  const build = await ensureComponents(settings, ['toxiproxy'], log);
  const toxiproxy = await startToxiproxy(build.path('toxiproxy'));
  const folder = await mkdtemp(join(tmpdir(), 'dbt-jobs-faults-'));
  const { server, kubeconfig } = cluster;
  const { pki } = clusterPaths(settings);
  return {
    faults: { settings, server, kubeconfig, pki, toxiproxy: toxiproxy.api, folder },
    async down() {
      await toxiproxy.stop();
      await rm(folder, { recursive: true, force: true });
      await clusterDown(settings, log);
    },
  };
}

/** The DbtProject, and the rights that the chart gives the watcher; no engine and no watcher of its own. */
async function installAccess(cluster: Cluster): Promise<void> {
  const access = await mustRun(join(cluster.bin, 'helm'), [
    ...['template', 'dbt-jobs', `${root}manifests/chart`, '--namespace', installation],
    ...['--show-only', 'templates/watcher/access.yaml'],
  ]);
  const namespace = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: installation } });
  await kubectl(cluster, ['apply', '-f', '-'], namespace);
  await kubectl(cluster, ['apply', '-f', '-'], access);
  await kubectl(cluster, ['apply', '-f', `${root}contract/dbtproject.crd.yaml`]);
  await kubectl(cluster, [
    'wait',
    'crd/dbtprojects.dbt-jobs.io',
    '--for=condition=Established',
    '--timeout=60s',
  ]);
}
