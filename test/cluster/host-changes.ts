import { mkdir, readFile, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from './command.ts';

/** What the kubelet and the pods' way out set for the whole machine, as paths below /proc/sys. */
const kernelSettings = [
  'net/ipv4/ip_forward',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
] as const;

/** Paths that the kubelet, containerd and the CNI library use whatever they are told; key: folder below `fixed`. */
export const fixedPaths = {
  kubelet: '/var/lib/kubelet',
  cni: '/var/lib/cni',
  'container-logs': '/var/log/containers',
  containerd: '/run/containerd',
} as const;

/** Where `ip netns` mounts a folder onto itself the first time. */
const namespacesFolder = '/run/netns';

/** Made by kube-proxy and by iptables. */
const lockFile = '/run/xtables.lock';

const recordSchema = z.object({ settings: z.record(z.string(), z.string()), made: z.array(z.string()) });

const recordFile = (runDir: string): string => join(runDir, 'host.json');

const settingFile = (name: string): string => join('/proc/sys', name);

const missingPaths = async (): Promise<string[]> => {
  const paths = [...Object.values(fixedPaths), namespacesFolder, lockFile];
  const present = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => !present[index]);
};

/**
 * Writes down what is about to be changed, before it is, unless another cluster already did.
 * The record lives below /run: a restart of the machine undoes the changes and forgets them.
 */
export const changeHost = async (runDir: string): Promise<void> => {
  const file = recordFile(runDir);
  const recorded = await readFile(file, 'utf8').catch(() => undefined);
  if (recorded === undefined) {
    const settings: Record<string, string> = {};
    for (const name of kernelSettings) settings[name] = (await readFile(settingFile(name), 'utf8')).trim();
    await mkdir(runDir, { recursive: true });
    await writeFile(file, JSON.stringify({ settings, made: await missingPaths() }));
  }
  for (const path of Object.values(fixedPaths)) await mkdir(path, { recursive: true });
  await writeFile(settingFile('net/ipv4/ip_forward'), '1');
};

/** Undoes it. Only when no cluster is left: they all need it. */
export const restoreHost = async (runDir: string): Promise<void> => {
  const file = recordFile(runDir);
  const recorded = await readFile(file, 'utf8').catch(() => undefined);
  if (recorded === undefined) return;
  const { settings, made } = recordSchema.parse(JSON.parse(recorded));
  for (const [name, value] of Object.entries(settings)) {
    const now = (await readFile(settingFile(name), 'utf8')).trim();
    // Writing ip_forward resets every interface's own setting, even to the value it has.
    if (now !== value) await writeFile(settingFile(name), value);
  }
  if (made.includes(lockFile)) await rm(lockFile, { force: true });
  if (made.includes(namespacesFolder) && (await readdir(namespacesFolder).catch(() => [])).length === 0) {
    await run('umount', [namespacesFolder]);
  }
  // Not empty means that somebody else uses it by now.
  for (const path of made.filter((path) => path !== lockFile)) await rmdir(path).catch(() => undefined);
  await rm(file);
};
