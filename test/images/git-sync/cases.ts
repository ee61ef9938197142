import { expect } from 'vitest';
import type { SyncResult } from './run-git-sync.ts';
import type { World } from './world.ts';

/** One row of the table: flags and environment on one side, the whole result on the other. */
export interface SyncCase {
  readonly flags: (world: World, root: string) => readonly string[];
  readonly env?: (world: World) => Readonly<Record<string, string>>;
  readonly result: (world: World) => SyncResult;
}

const PREPARED = [
  'starting up',
  'git version',
  'repo directory was empty or failed checks',
  'initializing repo directory',
];
const SYNCED = [...PREPARED, 'update required', 'updated successfully', 'exiting after one sync'];
const GAVE_UP = [...PREPARED, 'too many failures, aborting'];

/** The flags that the engines always set, in their order; a case adds or repeats flags, and the last one counts. */
export function injectedFlags(repo: string, ref: string, root: string): readonly string[] {
  return [
    `--repo=${repo}`,
    `--ref=${ref}`,
    `--root=${root}`,
    '--link=current',
    '--one-time',
    '--depth=1',
    '--submodules=off',
    '--sync-timeout=300s',
    '--max-failures=1',
    '--period=10ms',
    '--group-write',
  ];
}

const withPassword = (world: World): readonly string[] => [
  '--username=git',
  `--password-file=${world.passwordFile}`,
];
const trust = (world: World): string =>
  `--git-config=http.followRedirects:false,http.lowSpeedLimit:1,http.lowSpeedTime:60,http.sslCAInfo:${world.caFile}`;

const published = (commit: string, version: string): SyncResult => ({
  exitCode: 0,
  published: commit,
  version,
  messages: SYNCED,
  error: null,
  refused: null,
});

const failed = (error: RegExp, messages: readonly string[] = GAVE_UP): SyncResult => ({
  exitCode: 1,
  published: null,
  version: null,
  messages,
  error: expect.stringMatching(error) as string,
  refused: null,
});

const refused = (line: string, exitCode: number): SyncResult => ({
  exitCode,
  published: null,
  version: null,
  messages: [],
  error: null,
  refused: line,
});

/** A command line with `flags` added to the usual ones, and the line with which it is refused. */
const refusal = (line: string, exitCode: 1 | 2, ...flags: readonly string[]): SyncCase => ({
  flags: (world, root) => [...injectedFlags(world.fileUrl, world.commits[0], root), ...flags],
  result: () => refused(line, exitCode),
});

const clones: Readonly<Record<string, SyncCase>> = {
  'the newest commit is published': {
    flags: (world, root) => injectedFlags(world.fileUrl, world.commits[2], root),
    result: (world) => published(world.commits[2], 'three'),
  },
  'a commit that is no longer the tip is published': {
    flags: (world, root) => injectedFlags(world.fileUrl, world.commits[0], root),
    result: (world) => published(world.commits[0], 'one'),
  },
  'a branch is published as the commit it names': {
    flags: (world, root) => injectedFlags(world.fileUrl, 'main', root),
    result: (world) => published(world.commits[2], 'three'),
  },
  'values may follow their flags as arguments of their own': {
    flags: (world, root) => [
      '--repo',
      world.fileUrl,
      '--ref',
      'main',
      '--root',
      root,
      '--link',
      'current',
      '--one-time',
    ],
    env: () => ({
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'protocol.file.allow',
      GIT_CONFIG_VALUE_0: 'always',
    }),
    result: (world) => published(world.commits[2], 'three'),
  },
  'a volume whose root belongs to another user is used': {
    flags: (world, root) => injectedFlags(world.fileUrl, world.commits[0], root),
    env: () => ({ GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }),
    result: (world) => published(world.commits[0], 'one'),
  },
  'https with a private CA and a password is cloned': {
    flags: (world, root) => [
      ...injectedFlags(world.httpsUrl, world.commits[0], root),
      ...withPassword(world),
      trust(world),
    ],
    env: () => ({ GIT_ALLOW_PROTOCOL: 'https:ssh' }),
    result: (world) => published(world.commits[0], 'one'),
  },
};

const failures: Readonly<Record<string, SyncCase>> = {
  'an unknown commit is given up after --max-failures attempts': {
    flags: (world, root) => [...injectedFlags(world.fileUrl, '0'.repeat(40), root), '--max-failures=3'],
    result: () =>
      failed(/^Run\(git fetch .*\): exit status 128: \{ stdout: "", stderr: ".*not our ref 0{40}/, [
        ...PREPARED,
        'error syncing repo, will retry',
        'error syncing repo, will retry',
        'too many failures, aborting',
      ]),
  },
  'a protocol outside GIT_ALLOW_PROTOCOL is not spoken': {
    flags: (world, root) => injectedFlags(world.fileUrl, world.commits[0], root),
    env: () => ({ GIT_ALLOW_PROTOCOL: 'https:ssh' }),
    result: () => failed(/transport 'file' not allowed/),
  },
  'a server whose CA is unknown is not trusted': {
    flags: (world, root) => [
      ...injectedFlags(world.httpsUrl, world.commits[0], root),
      ...withPassword(world),
    ],
    result: () => failed(/certificate/),
  },
  'a wrong password is told as such': {
    flags: (world, root) => [
      ...injectedFlags(world.httpsUrl, world.commits[0], root),
      '--username=git',
      `--password-file=${world.wrongPasswordFile}`,
      trust(world),
    ],
    result: () => failed(/Authentication failed for 'https:\/\/localhost:\d+\/shop.git\/'/),
  },
  'no password is never asked for': {
    flags: (world, root) => [...injectedFlags(world.httpsUrl, world.commits[0], root), trust(world)],
    result: () => failed(/Authentication failed|could not read Username/),
  },
  'a password file that is not there is a failed attempt': {
    flags: (world, root) => [
      ...injectedFlags(world.httpsUrl, world.commits[0], root),
      '--username=git',
      '--password-file=/nowhere/password',
    ],
    result: () =>
      failed(
        /^credential refresh failed: can't read password file "\/nowhere\/password": open \/nowhere\/password: no such file or directory$/,
        ['starting up', 'git version', 'too many failures, aborting'],
      ),
  },
  'a redirect is not followed with http.followRedirects:false': {
    flags: (world, root) => [
      ...injectedFlags(world.movedUrl, world.commits[0], root),
      ...withPassword(world),
      trust(world),
    ],
    result: () => failed(/302/),
  },
  'a proxy of --git-config is used': {
    flags: (world, root) => [
      ...injectedFlags(world.httpsUrl, world.commits[0], root),
      ...withPassword(world),
      `${trust(world)},http.proxy:http://127.0.0.1:1`,
    ],
    result: () => failed(/Failed to connect to 127\.0\.0\.1 port 1/),
  },
  'a --git-config that cannot be read is fatal': {
    flags: (world, root) => [
      ...injectedFlags(world.fileUrl, world.commits[0], root),
      '--git-config=http.followRedirects',
    ],
    result: () =>
      failed(/unexpected end of key: "http.followRedirects"$/, [
        'starting up',
        'git version',
        "can't set additional git configs",
      ]),
  },
};

const refusals: Readonly<Record<string, SyncCase>> = {
  'an unknown flag is refused': refusal('unknown flag: --nope', 2, '--nope=1'),
  'an unknown letter is refused': refusal("unknown shorthand flag: 'x' in -x", 2, '-x'),
  'a flag without its value is refused': refusal('flag needs an argument: --ref', 2, '--ref'),
  'a depth that is no number is refused': refusal(
    'invalid argument "one" for "--depth" flag: strconv.ParseInt: parsing "one": invalid syntax',
    2,
    '--depth=one',
  ),
  'a boolean that is none is refused': refusal(
    'invalid argument "yes" for "--one-time" flag: strconv.ParseBool: parsing "yes": invalid syntax',
    2,
    '--one-time=yes',
  ),
  'a duration that is none is refused': refusal(
    'invalid argument "soon" for "--period" flag: time: invalid duration "soon"',
    2,
    '--period=soon',
  ),
  'a negative depth is refused': refusal(
    'invalid flag: --depth must be greater than or equal to 0',
    1,
    '--depth=-1',
  ),
  'an unknown submodules mode is refused': refusal(
    'invalid flag: --submodules must be one of "recursive", "shallow", or "off"',
    1,
    '--submodules=on',
  ),
  'a period below 10ms is refused': refusal(
    'invalid flag: --period must be at least 10ms',
    1,
    '--period=1ms',
  ),
  'a sync timeout below 10ms is refused': refusal(
    'invalid flag: --sync-timeout must be at least 10ms',
    1,
    '--sync-timeout=0',
  ),
  'an empty repo is refused': refusal('required flag: --repo must be specified', 1, '--repo='),
  'an empty root is refused': refusal('required flag: --root must be specified', 1, '--root='),
  'a username without a password is refused': refusal(
    'required flag: $GITSYNC_PASSWORD or --password-file must be specified when --username is specified',
    1,
    '--username=git',
  ),
  'a password without a username is refused': refusal(
    'invalid flag: --password-file may only be specified when --username is specified',
    1,
    '--password-file=/etc/hostname',
  ),
  'credentials in --repo beside --username are refused': refusal(
    'invalid flag: credentials may not be specified in --repo when --username is specified',
    1,
    '--username=git',
    '--password-file=/etc/hostname',
    '--repo=https://git@localhost/shop.git',
  ),
};

/** Flags and results, keyed by the behaviour they prove. */
export const syncCases: Readonly<Record<string, SyncCase>> = { ...clones, ...failures, ...refusals };
