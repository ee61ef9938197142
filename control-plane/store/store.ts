import type { IngestionReport, ProgressReport, RunRef } from '../../contract/ingestion.ts';
import type { LogMatches, LogRange, LogStreams } from '../wire/log.ts';
import type { RunFilter, RunList, RunSummary, WireInvocation, WireRun } from '../wire/run.ts';

/**
 * What Kubernetes does not keep: the history of runs, their logs and nodes, plans that were, and who did what. Nothing in
 * it is a secret. Everything is read by namespace: a UID of another organization is one that does not exist.
 *
 * Instants are UTC as `Date.toISOString` writes them. Each method rejects with `StoreUnavailableError` where the database
 * does not answer, is full or is too slow.
 */
export interface Store {
  /**
   * Takes reports of the watcher in one transaction: all of them or none. A report that came before, late or twice
   * changes nothing (C34).
   */
  ingest(reports: readonly IngestionReport[]): Promise<void>;
  readonly runs: Runs;
  readonly nodes: Nodes;
  readonly logs: Logs;
  readonly plans: Plans;
  readonly audit: Audit;
  readonly changes: Changes;
  readonly watcher: {
    /** Keeps when the watcher spoke last; an earlier instant changes nothing. */
    heard(at: string): Promise<void>;
    /** Undefined: never. */
    heardAt(): Promise<string | undefined>;
  };
  /**
   * Deletes what is older than its time. One replica does it at a time: the others, and one that comes meanwhile, do
   * nothing and say so.
   */
  sweep(now: string): Promise<Swept>;
  /** Never rejects. */
  health(): Promise<'ok' | 'unreachable'>;
  close(): Promise<void>;
}

/** The database does not answer, is full, or is at work elsewhere for too long; the same request may pass later. */
export class StoreUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the database is not available', { cause });
    this.name = 'StoreUnavailableError';
  }
}

/** A `before` that no answer of ours has given. */
export class UnknownCursorError extends Error {
  constructor() {
    super('before: must be `next` of an earlier answer');
    this.name = 'UnknownCursorError';
  }
}

/** All that is known of a run; what can be done with it now is not the store's to say. */
export type StoredRun = Omit<WireRun, 'actions'> & {
  readonly namespace: string;
  readonly kind: RunRef['kind'];
};

/** What the API knows of a run that it has just created; the watcher's word replaces all of it. */
export type CreatedRun = RunRef & Pick<ProgressReport, 'trigger' | 'createdAt' | 'command'>;

export interface Runs {
  /** Changes nothing where the watcher has told of the run already. */
  created(run: CreatedRun): Promise<void>;
  /** The newest first, by `createdAt`. Rejects with `UnknownCursorError`. */
  list(namespace: string, project: string, filter: RunFilter): Promise<RunList>;
  get(namespace: string, uid: string): Promise<StoredRun | undefined>;
  /** Of each of the jobs the newest runs, the newest first; a job without a run has an empty list. */
  lastOfJobs(
    namespace: string,
    project: string,
    jobs: readonly string[],
    limit: number,
  ): Promise<ReadonlyMap<string, readonly RunSummary[]>>;
  /**
   * What is new or has changed since an instant of the clock of whichever replica wrote it, the oldest change first:
   * for a reader of live events that was away. Ask from a minute earlier: clocks differ, and what comes twice does no harm.
   */
  changedSince(
    namespace: string,
    project: string,
    since: string,
    limit: number,
  ): Promise<readonly RunSummary[]>;
}

export interface Nodes {
  /** In the order of attempts, executions and commands; nodes as dbt began them. */
  of(namespace: string, runUid: string): Promise<readonly WireInvocation[]>;
}

/** A log of a run. `stream` is `id` of `LogStreams`. */
export interface LogAddress {
  readonly namespace: string;
  readonly runUid: string;
  readonly stream: string;
}

/**
 * Lines are numbered from 0 in the order of their stamps. A line that comes late takes its place among the others, so that
 * the numbers behind it grow: a change of kind `log` says from which on.
 */
export interface Logs {
  /** In the order in which they began. `removed`: older than logs are kept; there are no lines any more. */
  streams(namespace: string, runUid: string): Promise<readonly StoredStream[]>;
  /** Undefined: there is no such stream. */
  range(address: LogAddress, from: number, limit: number): Promise<LogRange | undefined>;
  search(address: LogAddress, text: string): Promise<LogMatches | undefined>;
  /**
   * The whole log as text, in pieces of some hundred kB: of each line its instant, its level where it has one, and what a
   * person reads; a place where lines are missing is told in a line of its own. Nothing where there is no such stream.
   */
  read(address: LogAddress): AsyncIterable<string>;
}

export type StoredStream = LogStreams['streams'][number] & { readonly removed: boolean };

/** One plan of a DbtProject, kept when the project's status has forgotten it. No phase but Candidate is ever left. */
export interface PlanRecord {
  readonly namespace: string;
  readonly project: string;
  readonly id: string;
  readonly image: string;
  readonly commit: string;
  readonly phase: 'Candidate' | 'Promoted' | 'Failed';
  readonly createdAt: string;
  readonly createdBy?: string;
  readonly finishedAt?: string;
  readonly message?: string;
  /** UID of the run that tried it. */
  readonly run?: string;
}

export interface Plans {
  /** New, or what is known of it by now; what a record leaves out stays as it is. */
  record(plans: readonly PlanRecord[]): Promise<void>;
  /** The newest first, at most `limit`. */
  list(namespace: string, project: string, limit: number): Promise<readonly PlanRecord[]>;
}

/** Who did what, when, to what: names only. */
export interface AuditEntry {
  readonly at: string;
  readonly namespace: string;
  readonly project?: string;
  readonly user: string;
  /** As `run.cancel`. */
  readonly action: string;
  /** Kind and name, as `Job/nightly-1`. */
  readonly object: string;
}

export interface Audit {
  record(entry: AuditEntry): Promise<void>;
  /** The newest first. Rejects with `UnknownCursorError`. */
  list(
    namespace: string,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next?: string }>;
}

/** Something that is committed has changed; the reader asks for what it needs. */
export type Change =
  | {
      readonly kind: 'run' | 'nodes';
      readonly namespace: string;
      readonly project: string;
      readonly uid: string;
    }
  | {
      readonly kind: 'log';
      readonly namespace: string;
      readonly project: string;
      readonly uid: string;
      /** `id` of `LogStreams`. */
      readonly stream: string;
      /** The first line that is new or has another number than before. */
      readonly from: number;
    }
  /** Changes may have been missed, as after a break of the connection: whoever listens reads anew. */
  | { readonly kind: 'missed' };

export interface Changes {
  /** Of all replicas; the function that is returned ends it. A listener that throws ends nobody else's. */
  subscribe(listener: (change: Change) => void): () => void;
}

export type Swept =
  | { readonly by: 'this'; readonly runs: number; readonly logs: number; readonly auditEntries: number }
  | { readonly by: 'another' };

/** How long a run and its logs are kept after the last word about them. */
export interface Retention {
  /** The audit trail's, too. */
  readonly runDays: number;
  readonly logDays: number;
}

export type StoreSettings = {
  readonly retention: Retention;
} & (
  | { readonly database: 'sqlite'; /** Made where it is not there; its folder is. */ readonly file: string }
  | {
      readonly database: 'postgres';
      /** With its password; never logged. */ readonly url: string;
      readonly connections: number;
    }
);

export interface StoreShell {
  /** For the age of what is kept and for `changedSince`. */
  readonly now: () => Date;
  /** What nobody awaits: the change feed lost its connection, a listener threw. */
  onTrouble(error: unknown): void;
}
