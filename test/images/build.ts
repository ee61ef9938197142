import { access, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listContext, stageContext, type ContextFile } from './build-context.ts';
import { buildah, buildahInstalled } from './buildah.ts';
import type { Builder } from './builder.ts';
import { selectImages, type ImageDefinition } from './catalogue.ts';
import { readImagesConfig, type ImagesConfig } from './config.ts';
import { contentKey } from './content-key.ts';
import { docker, dockerAnswers } from './docker.ts';
import { writeBuildSecrets, type BuildSecret } from './host-settings.ts';
import { withLock } from './lock.ts';
import { withProgress, type Log, type Progress } from './progress.ts';

/** An image that can be loaded: `ctr images import <archive>` or `docker load --input <archive>`. */
export interface BuiltImage {
  readonly name: string;
  readonly reference: string;
  /** Absolute path of a docker-archive, named after everything that went into it. */
  readonly archive: string;
}

interface PlannedImage extends BuiltImage {
  readonly definition: ImageDefinition;
  readonly files: readonly ContextFile[];
}

const REPOSITORY_ROOT = join(import.meta.dirname, '..', '..');

/**
 * Builds the named images (none named: all) and gives their archives in catalogue order.
 * What has not changed since it was last built is not built again; a second process waits.
 * @throws unknown names; neither Docker nor buildah; a failed build with its last lines and log file
 */
export async function buildImages(names: readonly string[], log: Log): Promise<readonly BuiltImage[]> {
  const config = readImagesConfig();
  const builder = await chooseBuilder(config);
  const planned = await planImages(selectImages(names), builder, config);
  const missing = await missingOf(planned);
  for (const { name } of planned.filter((image) => !missing.includes(image)))
    log(`${name.padEnd(12)} unchanged`);
  if (missing.length > 0) {
    await mkdir(config.cacheFolder, { recursive: true });
    await withLock(
      join(config.cacheFolder, 'build.lock'),
      (holder) => log(`another build (process ${holder}) is under way, waiting for it`),
      async () => buildMissing(await missingOf(missing), builder, config, log),
    );
  }
  return planned.map(({ name, reference, archive }) => ({ name, reference, archive }));
}

/** The archives as they would be named, and whether each is there. */
export async function listImages(): Promise<readonly (BuiltImage & { readonly built: boolean })[]> {
  const config = readImagesConfig();
  const planned = await planImages(selectImages([]), await chooseBuilder(config), config);
  const missing = await missingOf(planned);
  return planned.map((image) => ({
    name: image.name,
    reference: image.reference,
    archive: image.archive,
    built: !missing.includes(image),
  }));
}

async function chooseBuilder(config: ImagesConfig): Promise<Builder> {
  if (await dockerAnswers()) return docker;
  if (await buildahInstalled()) return buildah(config);
  throw new Error(
    'images can be built neither with Docker nor without: no Docker engine answers, and buildah or mmdebstrap is missing\nStart Docker, or on Debian: apt install buildah mmdebstrap',
  );
}

async function planImages(
  definitions: readonly ImageDefinition[],
  builder: Builder,
  config: ImagesConfig,
): Promise<readonly PlannedImage[]> {
  return Promise.all(
    definitions.map(async (definition) => {
      const dockerfile = await readFile(join(REPOSITORY_ROOT, definition.dockerfile), 'utf8');
      const ignoreFile = join(REPOSITORY_ROOT, `${definition.dockerfile}.dockerignore`);
      const ignoreText = await readFile(ignoreFile, 'utf8').catch(() => '');
      const files = await listContext(join(REPOSITORY_ROOT, definition.context), ignoreText);
      const { name, reference, buildArgs } = definition;
      const key = contentKey({ reference, dockerfile, buildArgs, base: builder.base, files });
      const archive = join(config.cacheFolder, `${name}-${key}.tar`);
      const tagged = reference.includes(':') ? reference : `${reference}:${key}`;
      return { name, reference: tagged, archive, definition, files };
    }),
  );
}

async function missingOf(images: readonly PlannedImage[]): Promise<readonly PlannedImage[]> {
  const there = await Promise.all(
    images.map(({ archive }) =>
      access(archive).then(
        () => true,
        () => false,
      ),
    ),
  );
  return images.filter((_, index) => there[index] === false);
}

async function buildMissing(
  images: readonly PlannedImage[],
  builder: Builder,
  config: ImagesConfig,
  log: Log,
): Promise<void> {
  if (images.length === 0) return;
  // One folder for all, safe behind the lock: what a killed build left, its secrets too, goes first.
  const scratch = join(config.cacheFolder, 'scratch');
  await rm(scratch, { recursive: true, force: true });
  try {
    await withProgress('base', log, ({ step }) => builder.prepare(step));
    const secrets = await writeBuildSecrets(join(scratch, 'secrets'), config.hostCaFile);
    for (const image of images) {
      await withProgress(image.name, log, async (progress) => {
        progress.step(`building ${image.reference} with ${builder.name}`);
        const half = await buildOne(image, builder, { scratch, secrets, progress, config });
        await replaceArchive(config.cacheFolder, image.name, half, image.archive);
        progress.step(`built, ${Math.round((await stat(image.archive)).size / 1e6)} MB`);
      });
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface BuildPlace {
  readonly scratch: string;
  readonly secrets: readonly BuildSecret[];
  readonly progress: Progress;
  readonly config: ImagesConfig;
}

/** Gives the archive in its scratch place, so that a broken build leaves no archive behind. */
async function buildOne(
  { name, reference, definition, files }: PlannedImage,
  builder: Builder,
  { scratch, secrets, progress, config }: BuildPlace,
): Promise<string> {
  const logFile = join(config.cacheFolder, `${name}.log`);
  await rm(logFile, { force: true });
  const context = join(scratch, name);
  await stageContext(join(REPOSITORY_ROOT, definition.context), files, context);
  const dockerfile = join(REPOSITORY_ROOT, definition.dockerfile);
  const archive = join(scratch, `${name}.tar`);
  const request = { reference, dockerfile, context, buildArgs: definition.buildArgs, secrets, archive };
  await builder.build(request, { logFile, onLine: progress.output });
  return archive;
}

/** Another checkout may have built an archive of the same image a moment ago, and be about to load it. */
const keptMs = 24 * 3600 * 1000;

/** Archives of the same image with another key go once they are a day old. */
async function replaceArchive(folder: string, name: string, half: string, archive: string): Promise<void> {
  const others = (await readdir(folder))
    .filter((file) => file.startsWith(`${name}-`) && /^[0-9a-f]{16}\.tar$/.test(file.slice(name.length + 1)))
    .map((file) => join(folder, file));
  await rename(half, archive);
  for (const file of others) {
    if (file === archive || (await stat(file)).mtimeMs > Date.now() - keptMs) continue;
    await rm(file, { force: true });
  }
}
