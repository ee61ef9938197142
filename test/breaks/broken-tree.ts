import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '../config.ts';
import type { Break } from './break.ts';

const root = new URL('../../', import.meta.url).pathname;

/** Throws with git's words where the patch does not fit the project as it is. */
export function checkPatch({ path }: Break): void {
  execFileSync('git', ['apply', '--check', `test/breaks/${path}`], { cwd: root, stdio: 'pipe' });
}

/** A copy of the project as it is, uncommitted changes too, with the patch in it. Remove the folder afterwards. */
export function makeBrokenTree({ path }: Break): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'dbt-jobs-break-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const file of projectFiles())
      cpSync(join(root, file), join(folder, file), { recursive: true, verbatimSymlinks: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    // Outside of a repository git takes the folder as it is; inside of one it would skip what that does not know.
    execFileSync('git', ['apply', join(root, 'test/breaks', path)], {
      cwd: folder,
      stdio: 'pipe',
      env: { ...environment, GIT_CEILING_DIRECTORIES: tmpdir() },
    });
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}

function projectFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  return listed
    .split('\0')
    .filter((file) => file !== '' && lstatSync(join(root, file), { throwIfNoEntry: false }) !== undefined);
}
