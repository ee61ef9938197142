import { z } from 'zod';

/** What one line of dbt's log tells about the work. */
export type DbtEvent =
  | { readonly kind: 'status'; readonly node: string; readonly status: string }
  | { readonly kind: 'message'; readonly node: string; readonly message: string }
  | { readonly kind: 'finished'; readonly elapsedSeconds: number }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'other' };

const nodeInfo = z.object({ unique_id: z.string().min(1), node_status: z.string() });

const structured = z.object({
  info: z.object({ name: z.string(), msg: z.string().catch('') }),
  data: z
    .object({
      node_info: nodeInfo.optional().catch(undefined),
      msg: z.string().optional().catch(undefined),
      exc: z.string().optional().catch(undefined),
      execution_time: z.number().nonnegative().optional().catch(undefined),
    })
    .catch({}),
});

/** Statuses of a node that has not ended; `None` is what dbt prints where it has none. */
const unfinished = new Set(['', 'None', 'started', 'compiling', 'executing']);
const shownStatus = /^[a-z][a-z _-]{0,31}$/;

/** Reads one structured log event of dbt (`--log-format json`, log version 3); undefined for any other line. */
export function readJsonLine(line: string): DbtEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  const event = structured.safeParse(parse(line)).data;
  if (event === undefined) return undefined;
  const { info, data } = event;
  const node = data.node_info?.unique_id.slice(0, 512);
  if (info.name === 'MainEncounteredError') return { kind: 'error', message: data.exc ?? info.msg };
  if (info.name === 'FinishedRunningStats' && data.execution_time !== undefined) {
    return { kind: 'finished', elapsedSeconds: data.execution_time };
  }
  if (node === undefined || data.node_info === undefined) return { kind: 'other' };
  if (info.name === 'RunResultError' || info.name === 'RunResultWarningMessage') {
    return { kind: 'message', node, message: data.msg ?? info.msg };
  }
  const status = data.node_info.node_status;
  if (unfinished.has(status)) return { kind: 'other' };
  return { kind: 'status', node, status: shownStatus.test(status) ? status : 'other' };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
