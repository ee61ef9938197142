import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { z } from 'zod';
import { environment } from '../config.ts';

const root = new URL('../../', import.meta.url).pathname;

/** As the chart starts it. */
const flags = ['--max-semi-space-size=2', '--heap-growing-percent=20'];

export interface WatcherSettings {
  /** Port of the API server, or of what stands before it. */
  readonly apiPort: number;
  /** The folder with the ServiceAccount's token and ca.crt. */
  readonly account: string;
  readonly spool: string;
  /** Where /metrics is. */
  readonly port: number;
  /** Further variables of watcher/config.ts. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The watcher as a process of its own. */
export interface WatcherProcess {
  readonly pid: number;
  /** Each line of its log, as JSON. */
  readonly log: readonly LogLine[];
  /** The value of one series, or the sum of those of the name; 0 where there is none. */
  metric(name: string): Promise<number>;
  isReady(): Promise<boolean>;
  /** SIGKILL: it gets no chance to do anything more. */
  kill(): Promise<void>;
  /** SIGTERM, until it has ended; the answer is its exit code. */
  stop(): Promise<number | null>;
  /** Stands still as in a long pause, until `resume`. */
  pause(): void;
  resume(): void;
  /** Of the kernel's count, in MiB: now, and the most since it began. */
  memory(): Promise<{ readonly now: number; readonly peak: number }>;
  openSockets(): Promise<number>;
}

const logLine = z.looseObject({ level: z.number(), msg: z.string().default('') });
export type LogLine = z.output<typeof logLine>;

export function startWatcherProcess(settings: WatcherSettings): WatcherProcess {
  const child = spawn(process.execPath, [...flags, 'watcher/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: environment['PATH'],
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(settings.apiPort),
      SERVICE_ACCOUNT_FOLDER: settings.account,
      SPOOL_FOLDER: settings.spool,
      PORT: String(settings.port),
      ...settings.environment,
    },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the watcher could not be started');
  const log: LogLine[] = [];
  collect(child.stdout, log);
  collect(child.stderr, log);
  const exited = once(child, 'exit');
  const address = `http://127.0.0.1:${settings.port}`;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  };
  return {
    pid,
    log,
    metric: async (name) => sumOf(await (await fetch(`${address}/metrics`)).text(), name),
    isReady: async () => (await fetch(`${address}/readyz`).catch(() => undefined))?.ok === true,
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    memory: () => memoryOf(pid),
    openSockets: () => socketsOf(pid),
  };
}

/** What is no JSON is kept as the message: a stack of a process that died, for whoever reads a failure. */
function collect(stream: NodeJS.ReadableStream, log: LogLine[]): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter(Boolean)) log.push(read(line));
  });
}

function read(line: string): LogLine {
  try {
    return logLine.parse(JSON.parse(line));
  } catch {
    return { level: 60, msg: line };
  }
}

function sumOf(metrics: string, name: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.split(' ').at(-1)))
    .reduce((sum, value) => sum + value, 0);
}

async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') };
}

async function socketsOf(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith('socket:')).length;
}
