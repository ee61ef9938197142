import type { Kysely } from 'kysely';
import type { Change } from './store.ts';
import type { Tables, Writing } from './tables.ts';

/** What the store asks of SQLite and PostgreSQL alike. Each rejects with `StoreUnavailableError` where a later try may pass. */
export interface Database {
  readonly read: <T>(query: (database: Kysely<Tables>) => Promise<T>) => Promise<T>;
  /** All or nothing; what is announced is heard by the listeners of all replicas once it is committed. */
  readonly write: <T>(change: (transaction: Writing, announce: Announce) => Promise<T>) => Promise<T>;
  /** Undefined, and nothing done, where a replica is at it already. */
  readonly alone: <T>(work: (database: Kysely<Tables>) => Promise<T>) => Promise<T | undefined>;
  /** Gives room back to the disk, where the database does not by itself. */
  readonly shrink: () => Promise<void>;
  readonly subscribe: (listener: (change: Change) => void) => () => void;
  readonly close: () => Promise<void>;
}

export type Announce = (change: Change) => void;

/** Changes of one transaction: one for each thing that changed, a log's from the first line that did. */
export function collectChanges(): { readonly announce: Announce; readonly changes: () => readonly Change[] } {
  const found = new Map<string, Change>();
  return {
    announce(change) {
      if (change.kind === 'missed') return;
      const key = [
        change.kind,
        change.namespace,
        change.uid,
        change.kind === 'log' ? change.stream : '',
      ].join(' ');
      const known = found.get(key);
      if (change.kind === 'log' && known?.kind === 'log' && known.from <= change.from) return;
      found.set(key, change);
    },
    changes: () => [...found.values()],
  };
}

/** Those of this process who want to know what changed. */
export interface Listeners {
  subscribe(listener: (change: Change) => void): () => void;
  tell(change: Change): void;
}

export function createListeners(onTrouble: (error: unknown) => void): Listeners {
  const listeners = new Set<{ readonly hear: (change: Change) => void }>();
  return {
    subscribe(listener) {
      const entry = { hear: listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    tell(change) {
      for (const { hear } of listeners) {
        try {
          hear(change);
        } catch (error) {
          onTrouble(error);
        }
      }
    },
  };
}
