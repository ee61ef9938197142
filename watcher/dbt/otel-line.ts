import { z } from 'zod';
import type { DbtEvent, InvocationLine } from './event.ts';

const text = z.string().optional().catch(undefined);

/** A record of dbt 2 with `--log-format otel`: docs.getdbt.com/reference/telemetry-observability, "Record structure". */
const record = z.object({
  record_type: z.enum(['SpanStart', 'SpanEnd', 'LogRecord']),
  trace_id: z.string(),
  start_time_unix_nano: text,
  end_time_unix_nano: text,
  severity_text: z.string().catch(''),
  event_type: z.string(),
  body: text,
  attributes: z
    .object({
      unique_id: text,
      node_outcome: text,
      node_skip_reason: text,
      node_test_detail: z
        .object({ test_outcome: text, failing_rows: z.number().nonnegative().optional().catch(undefined) })
        .optional()
        .catch(undefined),
      test_outcome: text,
    })
    .catch({}),
});

type Telemetry = z.output<typeof record>;

/** Reads one record of dbt 2's telemetry; undefined for any other value. */
export function readOtelLine(value: unknown): InvocationLine | undefined {
  const read = record.safeParse(value).data;
  return read && { invocation: read.trace_id, event: eventOf(read) };
}

function eventOf(read: Telemetry): DbtEvent {
  const { attributes, event_type: type, record_type: of } = read;
  const node = attributes.unique_id;
  const startedAt = instant(read.start_time_unix_nano);
  if (of === 'LogRecord') return errorOf(read, node);
  if (type.endsWith('.Invocation') && of === 'SpanEnd') {
    const seconds = secondsOf(read);
    return seconds === undefined ? { kind: 'other' } : { kind: 'elapsed', of: 'command', seconds };
  }
  // NodeProcessed is the whole of a node; its phases are NodeEvaluated.
  if (!type.endsWith('.NodeProcessed') || !node) return { kind: 'other' };
  if (of === 'SpanStart') return { kind: 'began', node, status: 'started', startedAt };
  const status = statusOf(attributes);
  const finishedAt = instant(read.end_time_unix_nano);
  const failures = attributes.node_test_detail?.failing_rows;
  return { kind: 'ended', node, status, startedAt, finishedAt, seconds: secondsOf(read), failures };
}

function errorOf(read: Telemetry, node: string | undefined): DbtEvent {
  if (read.severity_text.toUpperCase() !== 'ERROR' || !read.body) return { kind: 'other' };
  return node ? { kind: 'message', node, message: read.body } : { kind: 'error', message: read.body };
}

/** The words of dbt 1 for each outcome: the table "Node status mapping" of the same page. */
function statusOf(attributes: Telemetry['attributes']): string {
  const outcome = word(attributes.node_outcome, 'NODE_OUTCOME_');
  const test = word(attributes.node_test_detail?.test_outcome ?? attributes.test_outcome, 'TEST_OUTCOME_');
  const skip = word(attributes.node_skip_reason, 'NODE_SKIP_REASON_');
  if (outcome === 'success') return { passed: 'pass', warned: 'warn', failed: 'fail' }[test] ?? 'success';
  if (outcome === 'skipped') return { cached: 'reused', noop: 'no-op' }[skip] ?? 'skipped';
  return { error: 'error', canceled: 'cancelled' }[outcome] ?? 'other';
}

/** The documentation writes `success`, and in its queries `NODE_OUTCOME_SUCCESS`. */
function word(value: string | undefined, prefix: string): string {
  return (value ?? '').replace(prefix, '').replaceAll('_', '').toLowerCase();
}

function nanoseconds(value: string | undefined): bigint | undefined {
  return value !== undefined && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function instant(value: string | undefined): string | undefined {
  const at = nanoseconds(value);
  // The last instant that a Date can hold.
  if (at === undefined || at > 8_640_000_000_000_000_000_000n) return undefined;
  return new Date(Number(at / 1_000_000n)).toISOString();
}

function secondsOf(read: Telemetry): number | undefined {
  const from = nanoseconds(read.start_time_unix_nano);
  const to = nanoseconds(read.end_time_unix_nano);
  return from === undefined || to === undefined || to < from ? undefined : Number(to - from) / 1e9;
}
