import type { Transaction } from 'kysely';

/**
 * The tables. Instants are ISO 8601 in UTC with milliseconds, so that texts compare as instants do. Documents (`…_json`) are
 * JSON as text: they are read whole. Where the latest word holds, `(observed_at, document)` decides: the same whatever
 * comes first.
 */
export interface Tables {
  run: RunTable;
  dbt_invocation: InvocationTable;
  dbt_node: NodeTable;
  log_stream: LogStreamTable;
  log_chunk: LogChunkTable;
  plan: PlanTable;
  audit_entry: AuditTable;
  watcher_heard: WatcherHeardTable;
}

/** What is done in it is done wholly or not at all. */
export type Writing = Transaction<Tables>;

interface RunTable {
  namespace: string;
  uid: string;
  project: string;
  kind: 'Job' | 'Pod';
  name: string;
  job: string | null;
  plan: string | null;
  created_at: string;
  phase: 'pending' | 'running' | 'ended';
  result: 'succeeded' | 'failed' | 'cancelled' | 'unknown' | null;
  /** Null where only the outcome is known. */
  trigger_kind: 'schedule' | 'manual' | 'retry' | 'plan' | 'tool' | null;
  /** Empty while the watcher has told nothing. */
  observed_at: string;
  /** Empty where nothing is known but the outcome. */
  progress_json: string;
  decided_at: string | null;
  outcome_json: string | null;
  /** By our clock. */
  changed_at: string;
}

/** One dbt command of an attempt. */
interface InvocationTable {
  namespace: string;
  run_uid: string;
  attempt: string;
  execution: number;
  /** Of the command within the log. */
  position: number;
  observed_at: string;
  facts_json: string;
}

interface NodeTable {
  namespace: string;
  run_uid: string;
  attempt: string;
  execution: number;
  position: number;
  unique_id: string;
  observed_at: string;
  node_json: string;
}

interface LogStreamTable {
  namespace: string;
  run_uid: string;
  /** `<attempt>.<container>.<execution>` */
  stream: string;
  project: string;
  attempt: string;
  container: string;
  execution: number;
  lines: number;
  /** Of the texts in UTF-8, a line feed each. */
  bytes: number;
  /** Keys of the first and the last line; empty without lines. */
  first_key: string;
  last_key: string;
  gaps_json: string;
  ending: 'complete' | 'incomplete' | null;
  /** 1: older than logs are kept. */
  removed: number;
  changed_at: string;
}

/** Consecutive lines of a stream; the chunks of a stream never overlap. */
interface LogChunkTable {
  namespace: string;
  run_uid: string;
  stream: string;
  first_key: string;
  last_key: string;
  /** Number of the first line within the stream. */
  first_line: number;
  lines: number;
  bytes: number;
  /** Of the first line at level error, counted within the chunk. */
  first_error: number | null;
  /** log-chunk.ts */
  data: Uint8Array;
}

interface PlanTable {
  namespace: string;
  project: string;
  id: string;
  image: string;
  commit_hash: string;
  phase: 'Candidate' | 'Promoted' | 'Failed';
  created_at: string;
  created_by: string | null;
  finished_at: string | null;
  message: string | null;
  run_uid: string | null;
}

interface AuditTable {
  namespace: string;
  /** `<at>_<random>`: sorts by time. */
  id: string;
  at: string;
  project: string | null;
  user_name: string;
  action: string;
  object: string;
}

/** One row. */
interface WatcherHeardTable {
  id: 1;
  heard_at: string;
}
