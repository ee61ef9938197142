import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSpool, type SpoolKey } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterEach(() => rm(folder, { recursive: true }));

const key = (runUid: string): SpoolKey => ({ runUid, podUid: 'pod', container: 'dbt', execution: 0 });

async function open(maxBytes = 1000) {
  const dropped: string[] = [];
  const spool = await openSpool({ folder, maxBytes, onDropped: ({ runUid }) => dropped.push(runUid) });
  return { spool, dropped };
}

describe('the spool', () => {
  it('J8 goes on where a process before it was killed', async () => {
    const first = await (await open()).spool.open(key('a'));
    await first.append('one\n');
    const { spool } = await open();
    expect([spool.size(), spool.logsOf('a').map((log) => log.key)]).toEqual([4, [key('a')]]);
    const again = await spool.open(key('a'));
    await again.append('two\n');
    expect(await readFile(again.path, 'utf8')).toBe('one\ntwo\n');
  });

  it('drops the oldest log that is whole when there is no room, and says so', async () => {
    const { spool, dropped } = await open(10);
    for (const run of ['a', 'b']) {
      const log = await spool.open(key(run));
      expect(await log.append('1234\n')).toBe(true);
      await log.close();
    }
    const log = await spool.open(key('c'));
    expect([await log.append('5678\n'), dropped, spool.size()]).toEqual([true, ['a'], 10]);
  });

  it('takes nothing more when all that is there is still being written', async () => {
    const { spool, dropped } = await open(10);
    const log = await spool.open(key('a'));
    expect([await log.append('12345678\n'), await log.append('9\n'), dropped]).toEqual([true, false, []]);
    expect(await readFile(log.path, 'utf8')).toBe('12345678\n');
  });

  it('gives whole lines from any byte on, however long they are', async () => {
    const { spool } = await open();
    const log = await spool.open(key('a'));
    await log.append(`ab\n${'é'.repeat(40)}\nnot ended`);
    expect(await log.read(0, 4)).toEqual({ text: 'ab\n', next: 3 });
    expect(await log.read(3, 4)).toEqual({ text: `${'é'.repeat(40)}\n`, next: 84 });
    expect(await log.read(84, 4)).toEqual({ text: '', next: 84 });
  });

  it('leaves nothing of a run that is removed', async () => {
    const { spool } = await open();
    await (await spool.open(key('a'))).append('x\n');
    await spool.remove('a');
    expect([spool.size(), spool.logsOf('a')]).toEqual([0, []]);
    await expect(readFile(join(folder, 'a'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
