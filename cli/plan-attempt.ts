import { z } from 'zod';
import { printable } from './terminal.ts';

const state = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.object({}).optional(),
  terminated: z.object({ exitCode: z.number(), reason: z.string().optional() }).optional(),
});

const containerStatus = z.object({ name: z.string(), state: state.default({}) });

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), creationTimestamp: z.string() }),
      status: z.object({
        phase: z.string().default('Pending'),
        reason: z.string().optional(),
        initContainerStatuses: z.array(containerStatus).default([]),
        containerStatuses: z.array(containerStatus).default([]),
      }),
    }),
  ),
});

type ContainerStatus = z.output<typeof containerStatus>;

/** The pod in which the Job of a plan runs. */
export interface Attempt {
  readonly pod: string;
  readonly phase: string;
  /** In the order in which they run. */
  readonly containers: readonly ContainerStatus[];
}

/** The newest pod of a PodList; undefined where it is empty. Throws a ZodError for anything else. */
export function parseAttempt(value: unknown): Attempt | undefined {
  const [newest] = podList
    .parse(value)
    .items.toSorted(
      (a, b) => Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp),
    );
  if (newest === undefined) return undefined;
  const { phase, reason, initContainerStatuses, containerStatuses } = newest.status;
  return {
    pod: newest.metadata.name,
    phase: reason ?? phase,
    containers: [...initContainerStatuses, ...containerStatuses],
  };
}

/** One line of progress. */
export function progress(jobName: string | undefined, attempt: Attempt | 'hidden' | undefined): string {
  if (jobName === undefined) return 'waiting for the watcher to make its Job';
  if (attempt === 'hidden') return `Job ${jobName}, its pod may not be seen with these rights`;
  if (attempt === undefined) return `Job ${jobName}, no pod yet`;
  const current = attempt.containers.find((container) => container.state.terminated?.exitCode !== 0);
  const where = current === undefined ? '' : `, ${describe(current)}`;
  return `Job ${jobName}, pod ${attempt.pod} ${attempt.phase}${where}`;
}

function describe({ name, state: { waiting, running, terminated } }: ContainerStatus): string {
  if (terminated !== undefined) {
    const { exitCode, reason } = terminated;
    // Error is what the kubelet calls every exit code but 0.
    const cause = reason === undefined || reason === 'Error' ? '' : ` (${reason})`;
    return `${name} ended with exit code ${exitCode}${cause}`;
  }
  if (running !== undefined) return `${name} runs`;
  const message =
    waiting?.message === undefined ? '' : `: ${printable(waiting.message).replaceAll(/\s+/g, ' ')}`;
  return `${name} waits (${waiting?.reason ?? 'not started'}${message})`;
}

/** The containers whose log tells why it failed: those that ended badly, else all that have started. */
export function containersToRead(attempt: Attempt): readonly string[] {
  const started = attempt.containers.filter(
    ({ state: { running, terminated } }) => running !== undefined || terminated !== undefined,
  );
  const failed = started.filter(({ state: { terminated } }) => (terminated?.exitCode ?? 0) !== 0);
  return (failed.length > 0 ? failed : started).map((container) => container.name);
}

const dbtLine = z.object({ info: z.object({ msg: z.string() }) }).transform((line) => line.info.msg);
const gitSyncLine = z
  .object({ logger: z.string(), msg: z.string(), error: z.string().optional() })
  .transform(({ msg, error }) => (error === undefined ? msg : `${msg}: ${error}`));
const knownLine = z.union([dbtLine, gitSyncLine]);

/** Lines of a log for a reader: of the JSON of dbt and git-sync only the message, nothing that steers a terminal, no empty lines. */
export function readableLines(log: string): readonly string[] {
  return log
    .split('\n')
    .flatMap((line) => messageOf(line).split('\n'))
    .map((line) => printable(line).trimEnd())
    .filter((line) => line !== '');
}

function messageOf(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const parsed = knownLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : line;
  } catch {
    return line;
  }
}
