import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join, matchesGlob, relative } from 'node:path';

/** One file that goes into a build, relative to the context; `executable` is all of its mode that counts. */
export interface ContextFile {
  readonly path: string;
  readonly executable: boolean;
  readonly sha256: string;
}

/** Never part of a context, whatever a .dockerignore says: walking them alone takes seconds. */
const NEVER_WALKED = new Set(['node_modules', '.git']);

/**
 * The paths a .dockerignore lets through: the last pattern that matches a path or one of its
 * folders decides, `!` lets through again. Paths are relative, with forward slashes.
 */
export function includedPaths(ignoreText: string, paths: readonly string[]): readonly string[] {
  const rules = ignoreText
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ lets: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  return paths.filter((path) => {
    const candidates = [...foldersOf(path), path];
    const last = rules.findLast(({ pattern }) => candidates.some((part) => matchesGlob(part, pattern)));
    return last?.lets ?? true;
  });
}

/** The files of a context folder after its ignore text, sorted by path. */
export async function listContext(folder: string, ignoreText: string): Promise<readonly ContextFile[]> {
  const paths = includedPaths(ignoreText, await walk(folder, folder));
  return Promise.all(
    paths.toSorted().map(async (path) => {
      const file = join(folder, path);
      const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
      return {
        path,
        executable: (mode & 0o111) !== 0,
        sha256: createHash('sha256').update(content).digest('hex'),
      };
    }),
  );
}

/** Copies exactly these files, so that a builder sees nothing that the content key has not seen. */
export async function stageContext(folder: string, files: readonly ContextFile[], to: string): Promise<void> {
  // Not left to the umask: the image's user is neither owner nor group of what is copied in.
  for (const path of new Set(files.flatMap((file) => ['', ...foldersOf(file.path)]))) {
    await mkdir(join(to, path), { recursive: true });
    await chmod(join(to, path), 0o755);
  }
  for (const { path, executable } of files) {
    const target = join(to, path);
    await copyFile(join(folder, path), target);
    await chmod(target, executable ? 0o755 : 0o644);
  }
}

/** The folders above a path, outermost first. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function walk(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return NEVER_WALKED.has(entry.name) ? [] : walk(root, path);
      return entry.isFile() ? [relative(root, path)] : [];
    }),
  );
  return found.flat();
}
