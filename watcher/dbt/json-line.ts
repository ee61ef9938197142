import { z } from 'zod';
import { type DbtEvent, type InvocationLine, statusWord } from './event.ts';

const text = z.string().optional().catch(undefined);
const amount = z.number().nonnegative().optional().catch(undefined);

const nodeInfo = z.object({
  unique_id: z.string().min(1),
  // dbt 2 leaves it out where a line is only about a node.
  node_status: z.string().catch(''),
  node_started_at: text,
  node_finished_at: text,
});

/** Log version 3, of dbt 1.4 and later; dbt 2 writes a part of it. A field of another type counts as absent. */
const structured = z.object({
  info: z.object({
    name: z.string(),
    msg: z.string().catch(''),
    level: z.string().catch(''),
    invocation_id: z.string().catch(''),
    thread: text,
  }),
  data: z
    .object({
      node_info: nodeInfo.optional().catch(undefined),
      unique_id: text,
      msg: text,
      exc: text,
      stack_trace: text,
      version: text,
      execution_time: amount,
      elapsed: amount,
      num_failures: amount,
    })
    .catch({}),
});

type Line = z.output<typeof structured>;

/** Statuses of a node that has not ended; `None` is what dbt prints where it has none. */
const absent = new Set(['', 'None']);
const atWork = new Set(['started', 'compiling', 'executing']);

/** Reads one structured event of dbt (`--log-format json`); undefined for any other value. */
export function readJsonLine(value: unknown): InvocationLine | undefined {
  const read = structured.safeParse(value).data;
  return read && { invocation: read.info.invocation_id, event: eventOf(read) };
}

function eventOf({ info, data }: Line): DbtEvent {
  const node = data.node_info?.unique_id ?? data.unique_id;
  const message = data.exc ?? data.msg ?? info.msg;
  if (info.name === 'MainReportVersion') return { kind: 'version', version: bare(data.version ?? '') };
  if (info.name === 'MainStackTrace') return failure(lastLine(data.stack_trace ?? ''));
  if (info.name === 'LogCancelLine') return { kind: 'cancelled' };
  if (info.name === 'FinishedRunningStats') return elapsed('work', data.execution_time);
  if (info.name === 'CommandCompleted') return elapsed('command', data.elapsed);
  if (node === undefined) return isError(info) ? failure(message) : { kind: 'other' };
  if (tellsWhy(info)) return { kind: 'message', node, message };
  return data.node_info === undefined ? { kind: 'other' } : statusEvent({ info, data }, data.node_info);
}

function statusEvent({ info, data }: Line, node: z.output<typeof nodeInfo>): DbtEvent {
  const { thread } = info;
  const status = node.node_status;
  const startedAt = node.node_started_at;
  if (absent.has(status)) return { kind: 'other' };
  if (atWork.has(status))
    return { kind: 'began', node: node.unique_id, status: 'started', thread, startedAt };
  return {
    kind: 'ended',
    node: node.unique_id,
    status: statusWord(status),
    thread,
    startedAt,
    finishedAt: node.node_finished_at,
    seconds: data.execution_time,
    failures: data.num_failures,
  };
}

/** The error of a node: dbt 1 writes it at the end under these names, dbt 2 as it happens under `Generic`. */
function tellsWhy({ name, level }: Line['info']): boolean {
  const names = ['RunResultError', 'RunResultWarningMessage', 'GenericExceptionOnRun'];
  return names.includes(name) || (name === 'Generic' && level === 'error');
}

/** What ended dbt itself; the lines at level error that only introduce or repeat something are none. */
function isError({ name, level }: Line['info']): boolean {
  const names = ['MainEncounteredError', 'Generic', 'RunningOperationCaughtError', 'LogDbtProfileError'];
  return level === 'error' && (names.includes(name) || name === 'LogDbtProjectError');
}

/** An interrupted dbt has no words for its error: only the stack trace that follows names it. */
function failure(message: string): DbtEvent {
  return message === '' ? { kind: 'other' } : { kind: 'error', message };
}

function lastLine(stackTrace: string): string {
  return stackTrace.trimEnd().split('\n').at(-1) ?? '';
}

function elapsed(of: 'work' | 'command', measured: number | undefined): DbtEvent {
  return measured === undefined ? { kind: 'other' } : { kind: 'elapsed', of, seconds: measured };
}

/** `=1.11.16` is how dbt writes its version. */
function bare(version: string): string {
  return version.replace(/^=/, '').slice(0, 64);
}
