import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImagesConfig } from '../config.ts';
import { injectedFlags, syncCases } from './cases.ts';
import { groupWritable, newVolume, runGitSync, type GitSyncProgram, type SyncRun } from './run-git-sync.ts';
import { makeWorld, type World } from './world.ts';

const { gitSyncBinary } = readImagesConfig();
if (gitSyncBinary === undefined) {
  console.info('not run: the table against the real git-sync: GIT_SYNC_BINARY names no binary');
}

const programs: readonly (readonly [string, GitSyncProgram])[] = [
  ['stand-in', ['python3', join(import.meta.dirname, 'git-sync.py')]],
  ...(gitSyncBinary === undefined ? [] : [['real', [gitSyncBinary]] as const]),
];

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

describe.each(programs)('git-sync (%s)', (_, program) => {
  const sync = (...more: readonly string[]): Promise<SyncRun> =>
    runGitSync(program, world, (root) => [...injectedFlags(world.fileUrl, world.commits[0], root), ...more]);

  it.concurrent.for(Object.entries(syncCases))('%s', async ([, { flags, env, result }]) => {
    const run = await runGitSync(program, world, (root) => flags(world, root), { env: env?.(world) ?? {} });
    expect(run.result).toEqual(result(world));
  });

  it('keeps worktrees under the root and links to them relatively', async () => {
    const { root } = await sync();
    const worktree = join('.worktrees', world.commits[0]);
    expect(readdirSync(root).toSorted()).toEqual(['.git', '.worktrees', 'current']);
    expect(readlinkSync(join(root, 'current'))).toBe(worktree);
    expect(readFileSync(join(root, worktree, '.git'), 'utf8')).toBe(
      `gitdir: ../../.git/worktrees/${world.commits[0]}\n`,
    );
  });

  it.each([
    ['--depth=1', 1],
    ['--depth=2', 2],
    ['--depth=0', 3],
  ])('%s brings %i commits of three', async (depth, count) => {
    const { root } = await sync(`--ref=${world.commits[2]}`, depth);
    const log = execFileSync('git', ['-c', 'safe.directory=*', 'rev-list', '--count', 'HEAD'], {
      cwd: join(root, 'current'),
      encoding: 'utf8',
    });
    expect(Number(log)).toBe(count);
  });

  it.each([
    ['off', []],
    ['recursive', ['.git', 'version.txt']],
  ])('--submodules=%s leaves %j in a submodule', async (mode, files) => {
    const { root, result } = await sync(`--submodules=${mode}`, '--git-config=protocol.file.allow:always');
    expect(result.exitCode).toBe(0);
    expect(readdirSync(join(root, 'current', 'macros')).toSorted()).toEqual(files);
  });

  it('makes everything group-writable with --group-write', async () => {
    const { root } = await sync();
    const own = groupWritable(root).filter(([path]) => !path.startsWith('.git/objects/'));
    expect(own.filter(([, writable]) => !writable)).toEqual([]);
  });

  it('makes the checkout writable for its owner only without --group-write', async () => {
    const { root } = await sync('--group-write=false');
    expect(groupWritable(join(root, '.worktrees')).filter(([, writable]) => writable)).toEqual([]);
  });

  it('replaces the commit of an earlier run and removes its files', async () => {
    const { root } = await sync();
    const again = await runGitSync(
      program,
      world,
      (volume) => injectedFlags(world.fileUrl, world.commits[2], volume),
      { root },
    );
    expect(again.result).toMatchObject({ exitCode: 0, published: world.commits[2], version: 'three' });
    expect(readdirSync(join(root, '.worktrees'))).toEqual([world.commits[2]]);
  });

  it('clears what an interrupted run left in the volume', async () => {
    const root = newVolume(world);
    mkdirSync(join(root, '.git'));
    writeFileSync(join(root, 'leftover'), '');
    const { result } = await runGitSync(
      program,
      world,
      (volume) => injectedFlags(world.fileUrl, world.commits[0], volume),
      { root },
    );
    expect(result).toMatchObject({ exitCode: 0, published: world.commits[0] });
    expect(existsSync(join(root, 'leftover'))).toBe(false);
  });

  it('keeps the password out of the volume and out of the log', async () => {
    const { root, stderr, result } = await runGitSync(program, world, (volume) => [
      ...injectedFlags(world.httpsUrl, world.commits[0], volume),
      '--username=git',
      `--password-file=${world.passwordFile}`,
      `--git-config=http.sslCAInfo:${world.caFile}`,
    ]);
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const leaks = files.filter((file) =>
      readFileSync(join(file.parentPath, file.name)).includes(world.password),
    );
    expect({ exitCode: result.exitCode, leaks, logged: stderr.includes(world.password) }).toEqual({
      exitCode: 0,
      leaks: [],
      logged: false,
    });
  });

  it('gives ssh the key and the known hosts', async () => {
    const url = `ssh://git@localhost${world.fileUrl.slice('file://'.length)}`;
    const { result } = await runGitSync(
      program,
      world,
      (root) => [
        ...injectedFlags(url, world.commits[0], root),
        '--ssh-key-file=/dbt-jobs/clone/ssh-privatekey',
        '--ssh-known-hosts=true',
        '--ssh-known-hosts-file=/dbt-jobs/clone/known_hosts',
      ],
      { env: { GIT_ALLOW_PROTOCOL: 'https:ssh', GIT_SSH_COMMAND: world.sshCommand, GIT_SSH_VARIANT: 'ssh' } },
    );
    expect(result).toMatchObject({ exitCode: 0, published: world.commits[0] });
    expect(readFileSync(world.sshArguments, 'utf8').split('\n')[0]).toMatch(
      /^-i \/dbt-jobs\/clone\/ssh-privatekey -o StrictHostKeyChecking=yes -o UserKnownHostsFile=\/dbt-jobs\/clone\/known_hosts .*git@localhost git-upload-pack/,
    );
  });

  it('misses --sync-timeout while a silent server keeps the connection', async () => {
    const { result } = await sync(`--repo=${world.silentUrl}`, '--sync-timeout=300ms');
    expect(result).toMatchObject({
      exitCode: 1,
      published: null,
      error: expect.stringMatching(/^Run\(git fetch .*\): context deadline exceeded: /) as string,
    });
  });

  it('gives up on a silent server with http.lowSpeedTime', async () => {
    const { result } = await sync(
      `--repo=${world.silentUrl}`,
      '--git-config=http.lowSpeedLimit:1,http.lowSpeedTime:1',
    );
    expect(result).toMatchObject({
      exitCode: 1,
      error: expect.stringMatching(/Operation too slow/) as string,
    });
  });
});
