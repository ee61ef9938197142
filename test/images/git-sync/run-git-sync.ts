import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { World } from './world.ts';

/** What one run did, in the terms that a user of git-sync may rely on. */
export interface SyncResult {
  readonly exitCode: number;
  /** The commit that the link `current` names; null where nothing was published. */
  readonly published: string | null;
  /** Content of the file of the checkout that differs from commit to commit. */
  readonly version: string | null;
  /** The messages of the JSON log in order. */
  readonly messages: readonly string[];
  /** The error of the last message that has one. */
  readonly error: string | null;
  /** What a refused command line is told before and after the usage text. */
  readonly refused: string | null;
}

/** A finished run with what the special cases look into. */
export interface SyncRun {
  readonly result: SyncResult;
  readonly root: string;
  readonly stderr: string;
}

/** A program that claims to be git-sync. */
export type GitSyncProgram = readonly [command: string, ...first: string[]];

const entrySchema = z.looseObject({
  logger: z.literal(''),
  ts: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/),
  caller: z.object({ file: z.string(), line: z.int() }),
  level: z.literal(0).optional(),
  msg: z.string(),
  error: z.string().optional(),
});

/** Runs the program to its end with a home and, unless `root` is given, a volume of its own. */
export async function runGitSync(
  program: GitSyncProgram,
  world: World,
  flags: (root: string) => readonly string[],
  { env = {}, root = newVolume(world) }: { env?: Readonly<Record<string, string>>; root?: string } = {},
): Promise<SyncRun> {
  const home = mkdtempSync(join(world.folder, 'home-'));
  const variables = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    PYTHONDONTWRITEBYTECODE: '1',
    ...env,
  };
  const [command, ...first] = program;
  const { exitCode, stdout, stderr } = await execute(command, [...first, ...flags(root)], variables);
  // The real one leaves a daemon behind that keeps the password for an hour.
  await execute('git', ['credential-cache', 'exit'], variables);
  const lines = `${stderr}${stdout}`.split('\n').filter((line) => line !== '');
  const entries = lines
    .filter((line) => line.startsWith('{'))
    .map((line) => entrySchema.parse(JSON.parse(line)));
  const link = join(root, 'current');
  const version = join(link, 'version.txt');
  return {
    result: {
      exitCode,
      published: existsSync(link) ? readlinkSync(link).replace(/^\.worktrees\//, '') : null,
      version: existsSync(version) ? readFileSync(version, 'utf8') : null,
      messages: entries.map(({ msg }) => msg),
      error: entries.findLast(({ error }) => error !== undefined)?.error ?? null,
      refused: stderr.includes('Usage: ') && lines[0] === lines.at(-1) ? (lines[0] ?? null) : null,
    },
    root,
    stderr,
  };
}

/** An empty folder as Kubernetes mounts it. */
export function newVolume(world: World): string {
  return mkdtempSync(join(world.folder, 'volume-'));
}

/** Every path below a folder with whether its group may write it; links are not followed. */
export function groupWritable(folder: string): readonly (readonly [path: string, writable: boolean])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => ({ path, stat: lstatSync(join(folder, path)) }))
    .filter(({ stat }) => !stat.isSymbolicLink())
    .map(({ path, stat }) => [path, (stat.mode & 0o020) !== 0] as const);
}

function execute(
  command: string,
  commandArguments: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, commandArguments, { env }, (error, stdout, stderr) => {
      if (error !== null && child.exitCode === null)
        reject(new Error(`${command} did not end by itself`, { cause: error }));
      else resolve({ exitCode: child.exitCode ?? 0, stdout, stderr });
    });
  });
}
