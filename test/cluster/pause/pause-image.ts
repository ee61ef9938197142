import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../command.ts';

const source = join(import.meta.dirname, 'pause.c');

/** Same bytes for same content: the time and owner of a build are no part of an image. */
const tar = (archive: string, dir: string, files: readonly string[]): Promise<string> =>
  mustRun('tar', ['--create', '--file', archive, '--directory', dir, '--owner=0', '--group=0', '--mtime=@0', ...files]);

const sha256 = async (file: string): Promise<string> =>
  createHash('sha256').update(await readFile(file)).digest('hex');

/** Docker's archive format: a manifest that names a configuration and one layer, here one static binary. */
const writeImage = async (dir: string, image: string): Promise<void> => {
  await mustRun('gcc', ['-static', '-Os', '-s', '-o', join(dir, 'pause'), source]);
  await tar(join(dir, 'layer.tar'), dir, ['pause']);
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: ['/pause'], User: '65535:65535' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${await sha256(join(dir, 'layer.tar'))}`] },
  };
  await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  await writeFile(
    join(dir, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: [image], Layers: ['layer.tar'] }]),
  );
  await tar(join(dir, 'pause.tar'), dir, ['manifest.json', 'config.json', 'layer.tar']);
};

/** Path of an archive of the image that holds a pod's namespaces, made the first time. */
export const pauseArchive = async (cacheDir: string, image: string): Promise<string> => {
  const key = createHash('sha256').update(await readFile(source)).update(image).digest('hex').slice(0, 12);
  const archive = join(cacheDir, 'bin', `pause-${key}.tar`);
  const made = await access(archive).then(
    () => true,
    () => false,
  );
  if (made) return archive;
  await mkdir(join(cacheDir, 'bin'), { recursive: true });
  const dir = await mkdtemp(join(cacheDir, 'pause-'));
  try {
    await writeImage(dir, image);
    await rename(join(dir, 'pause.tar'), archive);
    return archive;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
