import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { createChangeFeed } from './change-feed.ts';
import { collectChanges, createListeners, type Database } from './database.ts';
import { migrate } from './migrations.ts';
import { StoreUnavailableError } from './store.ts';
import type { Tables } from './tables.ts';

const connectMs = 5000;
/** A page of a list takes milliseconds; what takes longer than this holds up everybody. */
const statementMs = 30_000;
/** Of the sweep: any number that nobody else takes. */
const sweepLock = 7_264_019_553_201_144;

export interface PostgresSettings {
  readonly url: string;
  readonly connections: number;
}

export async function openPostgres(
  settings: PostgresSettings,
  onTrouble: (error: unknown) => void,
): Promise<Database> {
  const pool = createPool(settings);
  // A connection that nobody uses has broken; the next one that is needed is made anew.
  pool.on('error', onTrouble);
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await guarded(() => migrate(database, 'postgres'));
  } catch (error) {
    await database.destroy();
    throw error;
  }
  const listeners = createListeners(onTrouble);
  const feed = createChangeFeed(settings.url, (change) => listeners.tell(change), onTrouble);
  await feed.listening;
  return {
    read: (query) => guarded(() => query(database)),
    write: (change) =>
      guarded(() =>
        database.transaction().execute(async (transaction) => {
          const { announce, changes } = collectChanges();
          const result = await change(transaction, announce);
          await feed.notify(transaction, changes());
          return result;
        }),
      ),
    alone: (work) => guarded(() => withLock(database, work)),
    // PostgreSQL's own autovacuum does it.
    shrink: () => Promise.resolve(),
    subscribe: (listener) => listeners.subscribe(listener),
    async close() {
      await feed.close();
      await database.destroy();
    },
  };
}

const createPool = ({ url, connections }: PostgresSettings): pg.Pool =>
  new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    keepAlive: true,
    application_name: 'dbt-jobs',
    types: numericTypes,
  });

/** The lock belongs to the connection, and goes with it. */
function withLock<T>(
  database: Kysely<Tables>,
  work: (database: Kysely<Tables>) => Promise<T>,
): Promise<T | undefined> {
  return database.connection().execute(async (connection) => {
    const answer = await sql<{
      locked: boolean;
    }>`select pg_try_advisory_lock(${sweepLock}) as locked`.execute(connection);
    if (answer.rows[0]?.locked !== true) return undefined;
    try {
      return await work(connection);
    } finally {
      await sql`select pg_advisory_unlock(${sweepLock})`.execute(connection);
    }
  });
}

/** Counts come as numbers, not as texts: none of ours reaches 2^53. */
const numericTypes: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(id, format) as unknown),
};

/**
 * postgresql.org/docs/current/errcodes-appendix.html: connections, transactions that met others, resources, the operator's
 * hand, the system's errors.
 */
const passingClasses = new Set(['08', '40', '53', '55', '57', '58']);
const databaseError = z.object({ code: z.string() });
/** pg's own errors of a connection have no code. */
const passingWords = /connection terminated|timeout exceeded|connection timeout|timeout expired/i;

function mayPass(error: unknown): boolean {
  const code = databaseError.safeParse(error).data?.code;
  if (code === undefined) return error instanceof Error && passingWords.test(error.message);
  return passingClasses.has(code.slice(0, 2)) || /^E[A-Z]+$/.test(code);
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw mayPass(error) ? new StoreUnavailableError(error) : error;
  }
}
