import type { Source } from './components.ts';

export type MachineFacts = {
  platform: string;
  uid: number;
  /** Has apt-get. */
  debian: boolean;
  commands: ReadonlySet<string>;
  files: ReadonlySet<string>;
  /** Such as "go1.26.8"; none without a Go toolchain. */
  goVersion: string | undefined;
  overlay: boolean;
  bridgeNetfilter: boolean;
  seccomp: boolean;
  cgroupControllers: ReadonlySet<string>;
  freeBytes: number;
};

export type Need = {
  source: Source;
  /** As go.mod says it, such as "1.26.0". */
  goVersion: string;
  /** Whether anything has to be compiled. */
  building: boolean;
};

/** `package`: the Debian package that has it. */
export type Problem = { what: string; fix: string; package?: string };

type Tool = { name: string; package: string };

const commandTools: readonly Tool[] = [
  { name: 'containerd', package: 'containerd' },
  { name: 'ctr', package: 'containerd' },
  { name: 'runc', package: 'runc' },
  { name: 'ip', package: 'iproute2' },
  { name: 'iptables', package: 'iptables' },
  { name: 'nft', package: 'nftables' },
  { name: 'conntrack', package: 'conntrack' },
  { name: 'nsenter', package: 'util-linux' },
  { name: 'unshare', package: 'util-linux' },
  { name: 'flock', package: 'util-linux' },
  { name: 'mount', package: 'mount' },
  { name: 'openssl', package: 'openssl' },
  { name: 'busybox', package: 'busybox-static' },
  { name: 'git', package: 'git' },
  { name: 'buildah', package: 'buildah' },
  { name: 'mmdebstrap', package: 'mmdebstrap' },
];

const fileTools: readonly Tool[] = [
  { name: '/usr/lib/cni/bridge', package: 'containernetworking-plugins' },
  { name: '/etc/ssl/certs/ca-certificates.crt', package: 'ca-certificates' },
];

export const neededCommands: readonly string[] = commandTools.map((tool) => tool.name);
export const neededFiles: readonly string[] = fileTools.map((tool) => tool.name);

const gib = 2 ** 30;

/** Measured: 5.1 GiB of compiled packages, deleted after linking, 3.2 GiB of sources, 0.7 GiB of binaries. */
const buildBytes = 10 * gib;

/** A dbt image, unpacked and as an archive, and what a test writes. */
const runBytes = 3 * gib;

const neededControllers = ['memory', 'cpu', 'pids'] as const;

const numbers = (version: string): number[] =>
  version
    .replace(/^go/, '')
    .split('.')
    .map((part) => parseInt(part, 10) || 0);

export const atLeast = (version: string, least: string): boolean => {
  const [have, want] = [numbers(version), numbers(least)];
  const differing = want.findIndex((part, index) => (have[index] ?? 0) !== part);
  return differing === -1 || (have[differing] ?? 0) > (want[differing] ?? 0);
};

const missingTools = ({ commands, files }: MachineFacts): Problem[] =>
  [
    ...commandTools.filter((tool) => !commands.has(tool.name)),
    ...fileTools.filter((tool) => !files.has(tool.name)),
  ].map((tool) => ({
    what: `${tool.name} is missing`,
    fix: `Debian package ${tool.package}`,
    package: tool.package,
  }));

const kernelProblems = (facts: MachineFacts): Problem[] => {
  const controllers = neededControllers.filter((name) => !facts.cgroupControllers.has(name));
  return [
    { missing: !facts.overlay, what: 'kernel: no overlay file system', fix: 'modprobe overlay' },
    {
      missing: !facts.bridgeNetfilter,
      what: 'kernel: bridges bypass iptables',
      fix: 'modprobe br_netfilter',
    },
    { missing: !facts.seccomp, what: 'kernel: no seccomp', fix: 'a kernel with CONFIG_SECCOMP_FILTER' },
    {
      missing: controllers.length > 0,
      what: `kernel: cgroup controllers not mounted: ${controllers.join(', ')}`,
      fix: 'mount them below /sys/fs/cgroup',
    },
  ]
    .filter((problem) => problem.missing)
    .map(({ what, fix }) => ({ what, fix }));
};

const goProblems = ({ goVersion }: MachineFacts, need: Need): Problem[] => {
  if (goVersion !== undefined && atLeast(goVersion, need.goVersion)) return [];
  return [
    {
      what: `Go ${need.goVersion} or later is needed, ${goVersion === undefined ? 'none is there' : `${goVersion} is there`}`,
      fix: 'install a Go toolchain (go.dev/dl) and put its bin folder first in PATH; Debian has older ones',
    },
  ];
};

const diskProblems = ({ freeBytes }: MachineFacts, { building, source }: Need): Problem[] => {
  const bytes = (building ? buildBytes : 0) + (source === 'given' ? 0 : runBytes);
  if (freeBytes >= bytes) return [];
  const inGib = (size: number): string => `${(size / gib).toFixed(1)} GiB`;
  return [
    {
      what: `disk: ${inGib(freeBytes)} free, ${inGib(bytes)} needed${building ? ', half of it only while building' : ''}`,
      fix: 'free some, or move the cache and the clusters with XDG_CACHE_HOME and XDG_STATE_HOME',
    },
  ];
};

const platformProblems = ({ platform, uid }: MachineFacts): Problem[] => [
  ...(platform === 'linux'
    ? []
    : [
        {
          what: `the embedded cluster runs on Linux only, this is ${platform}`,
          fix: 'start Docker, or give a cluster with DBT_JOBS_KUBECONFIG',
        },
      ]),
  ...(uid === 0
    ? []
    : [
        {
          what: 'the embedded cluster needs root',
          fix: 'run as root, start Docker, or give a cluster with DBT_JOBS_KUBECONFIG',
        },
      ]),
];

/** Everything that stands in the way, at once. */
export const prerequisiteProblems = (facts: MachineFacts, need: Need): Problem[] => [
  ...(need.source === 'embedded'
    ? [...platformProblems(facts), ...missingTools(facts), ...kernelProblems(facts)]
    : []),
  ...goProblems(facts, need),
  ...diskProblems(facts, need),
];

/** Packages to install, when this machine and user can install packages. */
export const installable = (facts: MachineFacts, problems: readonly Problem[]): string[] =>
  facts.debian && facts.uid === 0 ? [...new Set(problems.flatMap((problem) => problem.package ?? []))] : [];

export const describeProblems = (problems: readonly Problem[]): string => {
  const width = Math.max(...problems.map((problem) => problem.what.length));
  const packages = [...new Set(problems.flatMap((problem) => problem.package ?? []))];
  return [
    problems.length === 1 ? 'One thing is missing:' : `${problems.length} things are missing:`,
    ...problems.map(({ what, fix }) => `  ${what.padEnd(width)}  ${fix}`),
    ...(packages.length > 0 ? [`On Debian, as root: apt-get install ${packages.join(' ')}`] : []),
  ].join('\n');
};
