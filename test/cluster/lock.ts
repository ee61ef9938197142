import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { run } from './command.ts';

/**
 * Runs `work` while no other process holds `file`. The lock is the kernel's (flock): it is gone with its holder,
 * however that one ends, so no lock is ever stale.
 */
export const withLock = async <T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(file), { recursive: true });
  const free = await run('flock', ['--exclusive', '--nonblock', file, 'true']);
  if (free.code !== 0) onWait();
  // The holder lives as long as its stdin is open, and only this process has the other end.
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('error', reject);
      holder.once('exit', (code) =>
        reject(new Error(`${file}: could not be locked (flock ended with ${code ?? 'a signal'})`)),
      );
    });
    return await work();
  } finally {
    holder.removeAllListeners('exit');
    const released = new Promise((resolve) => holder.once('exit', resolve));
    holder.stdin.end();
    await released;
  }
};
