import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';

const unexpected = (holder: number): never => {
  throw new Error(`waited for ${holder}`);
};

describe('withLock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    file = join(folder, 'build.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives what the work gives and leaves nothing behind', async () => {
    expect(await withLock(file, unexpected, () => Promise.resolve(existsSync(file)))).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is released when the work fails', async () => {
    await expect(withLock(file, unexpected, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets one in at a time and says once who is waited for', async () => {
    const order: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let enter = (): void => undefined;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    const first = withLock(file, unexpected, async () => {
      order.push('first begins');
      enter();
      await held;
      order.push('first ends');
    });
    await entered;
    const waited = withLock(
      file,
      (holder) => {
        order.push(`waiting for ${holder === process.pid ? 'this process' : holder}`);
        release();
      },
      () => Promise.resolve(order.push('second')),
    );
    await Promise.all([first, waited]);
    expect(order).toEqual(['first begins', 'waiting for this process', 'first ends', 'second']);
  });

  it('takes over the lock of a process that is gone', async () => {
    writeFileSync(file, String(spawnSync('true').pid));
    expect(await withLock(file, unexpected, () => Promise.resolve('in'))).toBe('in');
    expect(readdirSync(folder)).toEqual([]);
  });
});
