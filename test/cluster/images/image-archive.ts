import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../command.ts';

export type ImageRecipe = {
  /** With its tag. */
  image: string;
  /** Changes when the content would. */
  key: string;
  config: Readonly<Record<string, unknown>>;
  /** Puts the image's files into a folder. */
  fill: (root: string) => Promise<void>;
};

/** Same bytes for same content: the time and owner of a build are no part of an image. */
const tar = (archive: string, dir: string, files: readonly string[]): Promise<string> =>
  mustRun('tar', [
    '--create',
    '--file',
    archive,
    '--directory',
    dir,
    '--owner=0',
    '--group=0',
    '--mtime=@0',
    ...files,
  ]);

/** Docker's archive format: a manifest that names a configuration and one layer. */
const writeArchive = async (dir: string, { image, config, fill }: ImageRecipe): Promise<void> => {
  await mkdir(join(dir, 'root'));
  await fill(join(dir, 'root'));
  await tar(join(dir, 'layer.tar'), join(dir, 'root'), ['.']);
  const layer = createHash('sha256')
    .update(await readFile(join(dir, 'layer.tar')))
    .digest('hex');
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const rootfs = { type: 'layers', diff_ids: [`sha256:${layer}`] };
  await writeFile(join(dir, 'config.json'), JSON.stringify({ architecture, os: 'linux', config, rootfs }));
  const manifest = [{ Config: 'config.json', RepoTags: [image], Layers: ['layer.tar'] }];
  await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest));
  await tar(join(dir, 'image.tar'), dir, ['manifest.json', 'config.json', 'layer.tar']);
};

/** Path of an image's archive in `cacheDir`, made the first time. No registry and no engine is needed for it. */
export const imageArchive = async (cacheDir: string, recipe: ImageRecipe): Promise<string> => {
  const key = createHash('sha256')
    .update(JSON.stringify([recipe.image, recipe.config, recipe.key]))
    .digest('hex');
  const name = recipe.image.replace(/^.*\//, '').replace(':', '-');
  const archive = join(cacheDir, 'bin', `${name}-${key.slice(0, 12)}.tar`);
  const made = await access(archive).then(
    () => true,
    () => false,
  );
  if (made) return archive;
  await mkdir(join(cacheDir, 'bin'), { recursive: true });
  const dir = await mkdtemp(join(cacheDir, 'image-'));
  try {
    await writeArchive(dir, recipe);
    await rename(join(dir, 'image.tar'), archive);
    return archive;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
