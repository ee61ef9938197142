import { spawn } from 'node:child_process';
import { open, readFile, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Every process of a cluster carries these two variables, and its children inherit them. So the kernel's own process
 * table is the record of what runs: it cannot be stale, cannot name a foreign process that reuses a pid, and is
 * complete even when a start was killed half-way.
 */
const clusterMark = 'DBT_JOBS_CLUSTER_DIR';
const componentMark = 'DBT_JOBS_COMPONENT';

export type MarkedProcess = { pid: number; component: string; argv: readonly string[]; startedAt: Date };

const variable = (environ: string, name: string): string | undefined =>
  environ
    .split('\0')
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** The clock of /proc/<pid>/stat: ticks of 1/100 s on every Linux that Node runs on, counted from the boot. */
const startedAt = (statLine: string, bootAtMs: number): Date => {
  const afterName = statLine.slice(statLine.lastIndexOf(')') + 2).split(' ');
  return new Date(bootAtMs + Number(afterName[19] ?? 0) * 10);
};

const bootAtMs = async (): Promise<number> => {
  const line = /^btime (\d+)$/m.exec(await readFile('/proc/stat', 'utf8'));
  return Number(line?.[1] ?? 0) * 1000;
};

const readProcess = async (pid: number, dir: string, boot: number): Promise<MarkedProcess | undefined> => {
  try {
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8');
    if (variable(environ, clusterMark) !== dir) return undefined;
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return { pid, component: variable(environ, componentMark) ?? '', argv, startedAt: startedAt(stat, boot) };
  } catch {
    // It ended while it was read, or is the kernel's: not one of ours.
    return undefined;
  }
};

/** Every process of the cluster in `dir`, the containers' shims among them; not the containers, which a cgroup holds. */
export const markedProcesses = async (dir: string): Promise<MarkedProcess[]> => {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const boot = await bootAtMs();
  const found = await Promise.all(pids.map((pid) => readProcess(pid, dir, boot)));
  return found.filter((entry) => entry !== undefined);
};

/** A component may still be on its way into its namespaces, but a shim or runc that inherited the mark is not it. */
export const isComponent = (process: MarkedProcess, binary: string): boolean =>
  process.component === basename(binary) &&
  [basename(binary), 'nsenter'].includes(basename(process.argv[0] ?? ''));

export type MarkedCommand = {
  dir: string;
  component: string;
  command: string;
  args: readonly string[];
  logFile: string;
  env: Readonly<Record<string, string>>;
};

/** Starts it detached: it outlives this process and the terminal. */
export const startMarked = async ({
  dir,
  component,
  command,
  args,
  logFile,
  env,
}: MarkedCommand): Promise<number> => {
  const log = await open(logFile, 'a');
  try {
    const child = spawn(command, args, {
      detached: true,
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      env: { ...env, [clusterMark]: dir, [componentMark]: component },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', () => resolve());
      child.once('error', reject);
    });
    child.unref();
    return child.pid ?? 0;
  } finally {
    await log.close();
  }
};

const stopTimeoutMs = 10_000;

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone, which is what was wanted.
  }
};

/**
 * Kills until none is left: a process may start another one while it is being killed.
 * SIGKILL, because what they would save on a SIGTERM is either deleted next or made to survive a crash.
 * @throws when one survives for ten seconds.
 */
export const killUntilGone = async (list: () => Promise<readonly number[]>): Promise<void> => {
  const deadline = Date.now() + stopTimeoutMs;
  for (let left = await list(); left.length > 0; left = await list()) {
    if (Date.now() > deadline)
      throw new Error(`Processes ${left.join(', ')} survived SIGKILL for ${stopTimeoutMs / 1000} s`);
    for (const pid of left) kill(pid);
    await sleep(50);
  }
};
