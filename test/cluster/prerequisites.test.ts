import { describe, expect, it } from 'vitest';
import {
  atLeast,
  describeProblems,
  installable,
  neededCommands,
  neededFiles,
  prerequisiteProblems,
} from './prerequisites.ts';
import type { MachineFacts, Need } from './prerequisites.ts';

const good: MachineFacts = {
  platform: 'linux',
  uid: 0,
  debian: true,
  commands: new Set(neededCommands),
  files: new Set(neededFiles),
  goVersion: 'go1.26.8',
  overlay: true,
  bridgeNetfilter: true,
  seccomp: true,
  cgroupControllers: new Set(['cpu', 'memory', 'pids', 'cpuset']),
  freeBytes: 20 * 2 ** 30,
};

const need: Need = { source: 'embedded', goVersion: '1.26.0', building: true };

const without = (names: ReadonlySet<string>, ...missing: string[]): Set<string> =>
  new Set([...names].filter((name) => !missing.includes(name)));

const problemsOf = (facts: Partial<MachineFacts>, needed: Partial<Need> = {}): string[] =>
  prerequisiteProblems({ ...good, ...facts }, { ...need, ...needed }).map(({ what }) => what);

describe('prerequisiteProblems', () => {
  const cases: Record<string, [Partial<MachineFacts>, Partial<Need>, string[]]> = {
    'a machine that has everything': [{}, {}, []],
    'tools, each by name': [
      {
        commands: without(good.commands, 'runc', 'buildah'),
        files: without(good.files, '/usr/lib/cni/bridge'),
      },
      {},
      ['runc is missing', 'buildah is missing', '/usr/lib/cni/bridge is missing'],
    ],
    'everything at once': [
      {
        platform: 'darwin',
        uid: 501,
        goVersion: undefined,
        overlay: false,
        bridgeNetfilter: false,
        seccomp: false,
        cgroupControllers: new Set(['cpu']),
        freeBytes: 2 ** 30,
      },
      {},
      [
        'the embedded cluster runs on Linux only, this is darwin',
        'the embedded cluster needs root',
        'kernel: no overlay file system',
        'kernel: bridges bypass iptables',
        'kernel: no seccomp',
        'kernel: cgroup controllers not mounted: memory, pids',
        'Go 1.26.0 or later is needed, none is there',
        'disk: 1.0 GiB free, 13.0 GiB needed, half of it only while building',
      ],
    ],
    'a Go that is too old, by both versions': [
      { goVersion: 'go1.19.8' },
      {},
      ['Go 1.26.0 or later is needed, go1.19.8 is there'],
    ],
    'less disk for a start without a build': [{ freeBytes: 4 * 2 ** 30 }, { building: false }, []],
    'neither root nor tools for a given cluster': [
      { uid: 1000, commands: new Set(), files: new Set(), platform: 'darwin' },
      { source: 'given' },
      [],
    ],
  };
  it.each(Object.entries(cases))('reports %s', (_name, [facts, needed, expected]) => {
    expect(problemsOf(facts, needed)).toEqual(expected);
  });
});

describe('installable', () => {
  const problems = prerequisiteProblems(
    { ...good, commands: without(good.commands, 'containerd', 'ctr', 'nft'), goVersion: undefined },
    need,
  );

  it('names each package once, on Debian as root', () => {
    expect(installable(good, problems)).toEqual(['containerd', 'nftables']);
  });

  it.each([
    ['another system', { debian: false }],
    ['another user', { uid: 1000 }],
  ])('installs nothing on %s', (_name, facts) => {
    expect(installable({ ...good, ...facts }, problems)).toEqual([]);
  });
});

it('shows the problems aligned, with the one command that fixes most of them', () => {
  const problems = prerequisiteProblems(
    { ...good, commands: without(good.commands, 'containerd', 'runc'), bridgeNetfilter: false },
    need,
  );
  expect(describeProblems(problems)).toBe(
    [
      '3 things are missing:',
      '  containerd is missing            Debian package containerd',
      '  runc is missing                  Debian package runc',
      '  kernel: bridges bypass iptables  modprobe br_netfilter',
      'On Debian, as root: apt-get install containerd runc',
    ].join('\n'),
  );
});

it.each([
  ['go1.26.0', '1.26.0', true],
  ['go1.26.8', '1.26.0', true],
  ['go1.27', '1.26.9', true],
  ['go1.26rc1', '1.26.0', true],
  ['go1.9.7', '1.26.0', false],
  ['go1.25.9', '1.26.0', false],
])('%s is at least %s: %s', (version, least, expected) => {
  expect(atLeast(version, least)).toBe(expected);
});
