import { access, constants, readFile, readdir, statfs } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { mustRun, run } from './command.ts';
import type { Settings } from './config.ts';
import {
  describeProblems,
  installable,
  neededCommands,
  neededFiles,
  prerequisiteProblems,
} from './prerequisites.ts';
import type { MachineFacts, Need } from './prerequisites.ts';

export type Log = (line: string) => void;

const there = (path: string, mode = constants.F_OK): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

const text = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

const presentOf = async (
  names: readonly string[],
  isThere: (name: string) => Promise<boolean>,
): Promise<Set<string>> => {
  const present = await Promise.all(names.map((name) => isThere(name)));
  return new Set(names.filter((_, index) => present[index]));
};

/** cgroup v2 lists its controllers in a file; v1 has a mounted folder for each. */
const cgroupControllers = async (): Promise<Set<string>> => {
  const unified = (await text('/sys/fs/cgroup/cgroup.controllers')).trim();
  const names = unified ? unified.split(' ') : await readdir('/sys/fs/cgroup').catch((): string[] => []);
  return new Set(names.flatMap((name) => name.split(',')));
};

const nearestFolder = async (path: string): Promise<string> =>
  (await there(path)) ? path : nearestFolder(dirname(path));

/** Without changing into a module: there, a toolchain that is too old only says that it is. */
export const goVersion = async ({ environment }: Settings): Promise<string | undefined> => {
  const { code, stdout } = await run('go', ['env', 'GOVERSION'], {
    cwd: '/',
    env: { ...environment, GOTOOLCHAIN: 'local' },
  });
  return code === 0 ? stdout.trim() : undefined;
};

const gatherFacts = async (settings: Settings): Promise<MachineFacts> => {
  const folders = (settings.environment['PATH'] ?? '').split(delimiter);
  const onPath = async (name: string): Promise<boolean> =>
    (await Promise.all(folders.map((folder) => there(join(folder, name), constants.X_OK)))).includes(true);
  const { bavail, bsize } = await statfs(await nearestFolder(settings.cacheDir));
  return {
    platform: process.platform,
    uid: process.getuid?.() ?? -1,
    debian: (await there('/etc/debian_version')) && (await onPath('apt-get')),
    commands: await presentOf(neededCommands, onPath),
    files: await presentOf(neededFiles, there),
    goVersion: await goVersion(settings),
    overlay: /\boverlay$/m.test(await text('/proc/filesystems')),
    bridgeNetfilter: await there('/proc/sys/net/bridge/bridge-nf-call-iptables'),
    seccomp: /^Seccomp:/m.test(await text('/proc/self/status')),
    cgroupControllers: await cgroupControllers(),
    freeBytes: bavail * bsize,
  };
};

const install = async (packages: readonly string[], { environment }: Settings, log: Log): Promise<void> => {
  log(`Installing with apt-get: ${packages.join(' ')}`);
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  await mustRun('apt-get', ['update', '--quiet'], { env });
  await mustRun('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', ...packages], { env });
};

/**
 * Checks everything first, installs what a package manager can, and checks again.
 * @throws with all that is still missing.
 */
export const ensurePrerequisites = async (settings: Settings, need: Need, log: Log): Promise<void> => {
  // A module that is built in or not there fails; the check of the kernel says which of the two.
  if (need.source === 'embedded')
    await run('modprobe', ['--all', '--quiet', 'overlay', 'br_netfilter', 'veth']);
  const facts = await gatherFacts(settings);
  const problems = prerequisiteProblems(facts, need);
  const packages = installable(facts, problems);
  if (packages.length > 0) await install(packages, settings, log);
  const left = packages.length > 0 ? prerequisiteProblems(await gatherFacts(settings), need) : problems;
  if (left.length > 0) throw new Error(describeProblems(left));
};
