import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a waiting process looks again: a build takes minutes, so half a second costs nothing. */
const LOOK_AGAIN_MS = 500;

/**
 * Runs `work` while no other process of this machine holds the same lock file.
 * A lock whose process is gone is taken over. `onWait` is called once, with the holder's process id.
 */
export async function withLock<T>(
  file: string,
  onWait: (holder: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, String(process.pid));
  try {
    let waiting = false;
    while (!(await linked(mine, file))) {
      const holder = await holderOf(file);
      if (holder === undefined) continue;
      if (!isAlive(holder)) {
        await removeStale(file, holder);
        continue;
      }
      if (!waiting) onWait(holder);
      waiting = true;
      await delay(LOOK_AGAIN_MS);
    }
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** A hard link appears whole or not at all, so a lock file is never seen empty. */
async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    },
  );
}

async function holderOf(file: string): Promise<number | undefined> {
  return readFile(file, 'utf8').then(Number, (error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}

/** Two waiters may find the same stale lock: a lock that turns out to be another's is put back. */
async function removeStale(file: string, holder: number): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await holderOf(aside)) !== holder) await linked(aside, file);
  await rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives and belongs to somebody else.
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
