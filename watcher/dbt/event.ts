/** What one line of dbt's output tells about the work. */
export type DbtEvent = NodeEvent | InvocationEvent | { readonly kind: 'other' };

export type NodeEvent = NodeBegan | NodeEnded | NodeMessage;

export interface NodeBegan {
  readonly kind: 'began';
  readonly node: string;
  /** dbt's own word for a node at work. */
  readonly status: string;
  readonly thread?: string | undefined;
  /** UTC, as dbt wrote it. */
  readonly startedAt?: string | undefined;
}

export interface NodeEnded {
  readonly kind: 'ended';
  readonly node: string;
  /** dbt's own word. */
  readonly status: string;
  readonly thread?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly seconds?: number | undefined;
  /** Rows that a test found. */
  readonly failures?: number | undefined;
}

export interface NodeMessage {
  readonly kind: 'message';
  readonly node: string;
  readonly message: string;
}

export type InvocationEvent =
  | { readonly kind: 'version'; readonly version: string }
  /** Of the work alone, or of the whole command: releases print one, the other or both. */
  | { readonly kind: 'elapsed'; readonly of: 'work' | 'command'; readonly seconds: number }
  | { readonly kind: 'error'; readonly message: string }
  /** dbt told the warehouse to cancel a query, which it does on SIGINT. */
  | { readonly kind: 'cancelled' };

/** An event of structured output, with the invocation that it belongs to. */
export interface InvocationLine {
  readonly invocation: string;
  readonly event: DbtEvent;
}

/** A status as it may be shown and counted; anything that dbt would not write is `other`. */
export function statusWord(status: string): string {
  return /^[a-z][a-z _-]{0,31}$/.test(status) ? status : 'other';
}
