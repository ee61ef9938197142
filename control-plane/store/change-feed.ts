import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import type { Change } from './store.ts';
import type { Writing } from './tables.ts';

const channel = 'dbt_jobs_change';
/** A connection that lies dead without a word is found out after two of these. */
const pulseMs = 15_000;
const reconnectMs = 1000;

const subject = { namespace: z.string(), project: z.string(), uid: z.string() };
const payload = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['run', 'nodes']), ...subject }),
  z.object({ kind: z.literal('log'), ...subject, stream: z.string(), from: z.number() }),
]);

/** Changes over all replicas by PostgreSQL's LISTEN and NOTIFY: heard once they are committed, lost only with the connection. */
export interface ChangeFeed {
  /** Settles once changes are heard for the first time. */
  readonly listening: Promise<void>;
  notify(transaction: Writing, changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

export function createChangeFeed(
  url: string,
  tell: (change: Change) => void,
  onTrouble: (error: unknown) => void,
): ChangeFeed {
  const stopping = new AbortController();
  const { promise: listening, resolve } = Promise.withResolvers<undefined>();
  const hear = (change: Change) => {
    if (change.kind === 'missed') resolve(undefined);
    tell(change);
  };
  const done = listenForEver(url, hear, onTrouble, stopping.signal);
  return {
    listening,
    async notify(transaction, changes) {
      if (changes.length === 0) return;
      const texts = changes.map((change) => JSON.stringify(change));
      await sql`select pg_notify(${channel}, text) from unnest(${texts}::text[]) as text`.execute(
        transaction,
      );
    },
    async close() {
      stopping.abort();
      await done;
    },
  };
}

async function listenForEver(
  url: string,
  tell: (change: Change) => void,
  onTrouble: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!isAborted(signal)) {
    try {
      await listen(url, tell, signal);
    } catch (error) {
      if (!isAborted(signal)) onTrouble(error);
    }
    await sleep(reconnectMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Asked anew after each await: the compiler takes `signal.aborted` for a constant. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Until the connection breaks or the signal aborts. */
async function listen(url: string, tell: (change: Change) => void, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: pulseMs,
    query_timeout: pulseMs,
    application_name: 'dbt-jobs-changes',
  });
  const broken = new AbortController();
  client.on('error', (error) => broken.abort(error));
  client.on('end', () => broken.abort(new Error('the connection of the change feed ended')));
  client.on('notification', ({ payload: text }) => {
    const change = payload.safeParse(parsed(text ?? '')).data;
    if (change !== undefined) tell(change);
  });
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
    tell({ kind: 'missed' });
    const until = AbortSignal.any([signal, broken.signal]);
    while (!isAborted(until)) {
      await sleep(pulseMs, undefined, { signal: until }).catch(() => undefined);
      if (!isAborted(until)) await client.query('select 1');
    }
    if (broken.signal.aborted) throw broken.signal.reason;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
