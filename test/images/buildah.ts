import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedOptions, type Builder, type BuildRequest } from './builder.ts';
import type { ImagesConfig } from './config.ts';
import { DEBIAN_BASE_KEY, debianBaseFiles, makeDebianBase, type DebianBase } from './debian-base.ts';
import { runCommand } from './run-command.ts';

const DEBIAN_BASE_REFERENCE = `dbt-jobs.local/debian:${DEBIAN_BASE_KEY}`;

/** chroot: needs neither a container runtime nor user namespaces, so it works inside most sandboxes. */
const ISOLATION = ['--isolation', 'chroot', '--network', 'host'];

/** `buildah bud` after the storage options. */
export function buildahBuildArguments(request: BuildRequest, base: DebianBase): readonly string[] {
  return [
    'bud',
    ...ISOLATION,
    '--layers',
    '--force-rm',
    '--pull-never',
    // OCI's own format has no STOPSIGNAL for old readers; Docker's is read by every engine.
    '--format=docker',
    '--volume',
    `${base.aptSources}:/etc/apt/sources.list.d:ro`,
    '--volume',
    `${base.aptConf}:/etc/apt/apt.conf:ro`,
    '--file',
    request.dockerfile,
    ...sharedOptions(request, DEBIAN_BASE_REFERENCE),
    '--tag',
    request.reference,
    request.context,
  ];
}

/** The builder of a machine without a Docker engine: Debian from mmdebstrap, images from buildah. */
export function buildah({ cacheFolder, runFolder }: ImagesConfig): Builder {
  const storage = ['--root', join(cacheFolder, 'storage'), '--runroot', runFolder];
  const baseFolder = join(cacheFolder, `debian-${DEBIAN_BASE_KEY}`);
  return {
    name: 'buildah',
    base: DEBIAN_BASE_REFERENCE,
    prepare: async (log) => {
      // A build that was interrupted leaves its container mounted, and a mounted cache cannot be deleted.
      await runCommand('buildah', [...storage, 'rm', '--all']);
      await makeDebianBase(baseFolder, log);
      const found = await runCommand('buildah', [...storage, 'images', '--format', '{{.Name}}:{{.Tag}}']);
      if (found.split('\n').includes(DEBIAN_BASE_REFERENCE)) return;
      log('importing the base');
      await importBase(storage, baseFolder);
    },
    build: async (request, output) => {
      const base = debianBaseFiles(baseFolder);
      await runCommand('buildah', [...storage, ...buildahBuildArguments(request, base)], output);
      const target = `docker-archive:${request.archive}:${request.reference}`;
      await runCommand('buildah', [...storage, 'push', '--quiet', request.reference, target], output);
    },
  };
}

async function importBase(storage: readonly string[], folder: string): Promise<void> {
  const context = join(folder, 'import');
  await mkdir(context, { recursive: true });
  const dockerfile = join(context, 'Dockerfile');
  await writeFile(dockerfile, 'FROM scratch\nADD base.tar /\nCMD ["bash"]\n');
  await runCommand('buildah', [
    ...storage,
    'bud',
    ...ISOLATION,
    '--format=docker',
    '--file',
    dockerfile,
    '--tag',
    DEBIAN_BASE_REFERENCE,
    folder,
  ]);
}

/** Whether both programs are installed. */
export async function buildahInstalled(): Promise<boolean> {
  return Promise.all([runCommand('buildah', ['--version']), runCommand('mmdebstrap', ['--version'])]).then(
    () => true,
    () => false,
  );
}
