import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostAptConf } from './host-settings.ts';
import { runCommand } from './run-command.ts';

const SUITE = 'bookworm';

/** Where Debian itself keeps its sources; third-party sources of the host stay out of the images. */
const HOST_SOURCES = ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources'];

/** Manuals and translations, as debian:12-slim leaves them out; the licences stay. */
const PACKAGE_FILTER = [
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
];

/** ca-certificates is here so that no build step needs it to reach a registry. */
const INCLUDE = 'ca-certificates';

/** Changes whenever the recipe does. */
export const DEBIAN_BASE_KEY = createHash('sha256')
  .update(JSON.stringify(mmdebstrapArguments(debianBaseFiles('/'), [])))
  .digest('hex')
  .slice(0, 12);

/** The folder's files: the root filesystem, and the apt settings that made it, for use in builds only. */
export interface DebianBase {
  readonly tar: string;
  readonly aptSources: string;
  readonly aptConf: string;
}

/** The files of the base below a cache folder. */
export function debianBaseFiles(folder: string): DebianBase {
  return {
    tar: join(folder, 'base.tar'),
    aptSources: join(folder, 'apt', 'sources.list.d'),
    aptConf: join(folder, 'apt', 'apt.conf'),
  };
}

/** mmdebstrap's arguments; `mirrors` are sources files, and none means mmdebstrap's own default. */
export function mmdebstrapArguments(
  { tar, aptSources, aptConf }: DebianBase,
  mirrors: readonly string[],
): readonly string[] {
  const sources = `'${aptSources.replaceAll("'", "'\\''")}'`;
  return [
    '--variant=minbase',
    `--include=${INCLUDE}`,
    ...PACKAGE_FILTER.map((option) => `--dpkgopt=${option}`),
    `--aptopt=${aptConf}`,
    // Which mirror the host uses is nobody's business who gets the image: it moves out of the filesystem.
    `--customize-hook=for file in "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*; do [ ! -s "$file" ] || mv "$file" ${sources}; done`,
    `--customize-hook=if [ -e ${sources}/sources.list ]; then mv ${sources}/sources.list ${sources}/mirror.list; fi`,
    // Builds mount the host's settings over an empty file, which must be there to be mounted over.
    '--customize-hook=rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap && : > "$1"/etc/apt/apt.conf',
    SUITE,
    tar,
    ...mirrors,
  ];
}

/** Makes the base once; a broken attempt leaves nothing that looks whole. */
export async function makeDebianBase(folder: string, log: (line: string) => void): Promise<DebianBase> {
  const files = debianBaseFiles(folder);
  if (await exists(files.tar)) return files;
  await rm(folder, { recursive: true, force: true });
  await mkdir(files.aptSources, { recursive: true });
  await writeFile(files.aptConf, await hostAptConf());
  const half = join(folder, 'half.tar');
  await runCommand('mmdebstrap', mmdebstrapArguments({ ...files, tar: half }, await hostMirrors()), {
    logFile: join(folder, 'mmdebstrap.log'),
    onLine: (line) => {
      if (line.startsWith('I: ') && !line.includes('hook')) log(line.slice(3));
    },
  });
  await rename(half, files.tar);
  return files;
}

/** The host's own sources where it runs the same Debian; their suite would be wrong elsewhere. */
async function hostMirrors(): Promise<readonly string[]> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!release.includes(`VERSION_CODENAME=${SUITE}\n`)) return [];
  const sizes = await Promise.all(
    HOST_SOURCES.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return HOST_SOURCES.filter((_, index) => (sizes[index] ?? 0) > 0);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
