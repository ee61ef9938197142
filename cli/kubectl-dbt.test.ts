import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const launcher = join(import.meta.dirname, 'kubectl-dbt');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubectl-dbt-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, words: readonly string[], path: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(program, words, { env: { PATH: path } }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

it('runs through a chain of symbolic links, absolute and relative, with its arguments as they are', async () => {
  await mkdir(join(folder, 'bin'));
  await symlink(launcher, join(folder, 'kubectl-dbt'));
  await symlink('../kubectl-dbt', join(folder, 'bin', 'kubectl-dbt'));
  expect(await run(join(folder, 'bin', 'kubectl-dbt'), ['no such', '*'], '/usr/bin:/bin')).toEqual({
    code: 2,
    stdout: '',
    stderr: '"no such" is no command of kubectl dbt: it has plan and explain\nNext: kubectl dbt --help\n',
  });
});

it('says what it needs where there is no Node of its own', async () => {
  const lone = join(folder, 'lone');
  await mkdir(lone);
  await copyFile(launcher, join(lone, 'kubectl-dbt'));
  for (const tool of ['dirname', 'readlink']) await symlink(`/usr/bin/${tool}`, join(lone, tool));
  const { code, stdout, stderr } = await run('/bin/sh', [join(lone, 'kubectl-dbt')], lone);
  expect({ code, stdout, stderr: stderr.split('\n')[0] }).toEqual({
    code: 3,
    stdout: '',
    stderr: 'kubectl dbt needs Node 24 or newer, and there is none beside it and none on PATH',
  });
});
