import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type SqliteDatabase,
} from 'kysely';
import { z } from 'zod';
import { collectChanges, createListeners, type Database } from './database.ts';
import { migrate } from './migrations.ts';
import { StoreUnavailableError } from './store.ts';
import type { Tables } from './tables.ts';

/** Another process has the file only while one replica takes over from the other. */
const busyMs = 5000;

/** Two connections of one file: readers go on while a transaction writes. */
export async function openSqlite(file: string, onTrouble: (error: unknown) => void): Promise<Database> {
  const connection = connect(file);
  const writer = kyselyOf(connection);
  await guarded(() => migrate(writer, 'sqlite'));
  const reader = kyselyOf(connect(file));
  const listeners = createListeners(onTrouble);
  let sweeping = false;
  return {
    read: (query) => guarded(() => query(reader)),
    async write(change) {
      const { announce, changes } = collectChanges();
      const result = await guarded(() =>
        writer.transaction().execute((transaction) => change(transaction, announce)),
      );
      for (const one of changes()) listeners.tell(one);
      return result;
    },
    async alone(work) {
      if (sweeping) return undefined;
      sweeping = true;
      try {
        return await guarded(() => work(writer));
      } finally {
        sweeping = false;
      }
    },
    shrink: () => guarded(() => writer.connection().execute(() => shrink(connection))),
    subscribe: (listener) => listeners.subscribe(listener),
    async close() {
      await reader.destroy();
      // Node closes a file for good when it collects its statements: the log beside it would be left until then.
      connection.exec('pragma wal_checkpoint(truncate)');
      await writer.destroy();
    },
  };
}

function connect(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyMs });
  // auto_vacuum counts only before the first table. FULL: what was answered with 200 survives a power cut.
  database.exec(
    'pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16384',
  );
  return database;
}

const kyselyOf = (database: DatabaseSync): Kysely<Tables> =>
  new Kysely({ dialect: new NodeSqliteDialect(database) });

const freePages = z.object({ freelist_count: z.number() });

/** Some MB at a time: nobody is answered meanwhile. */
async function shrink(database: DatabaseSync): Promise<void> {
  const free = () => freePages.parse(database.prepare('pragma freelist_count').get()).freelist_count;
  for (let before = free(); before > 0;) {
    database.exec('pragma incremental_vacuum(1000)');
    await setImmediate();
    const left = free();
    if (left >= before) return;
    before = left;
  }
}

/** Kysely's own dialect over Node's own SQLite. */
class NodeSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: DatabaseSync) {
    const adapted = adapt(database);
    super({ database: adapted });
    this.#database = adapted;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver({ database: this.#database });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

/** A transaction that only reads at first cannot begin to write once another process has written: it would not even wait. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** Lets the migrator work in one transaction, which is at once the lock against another process. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** In the form that Kysely knows from better-sqlite3. */
function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(bindable)),
        run: (parameters) => statement.run(...parameters.map(bindable)),
        iterate: (parameters) => statement.iterate(...parameters.map(bindable)),
      };
    },
  };
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`SQLite takes no ${typeof value}`);
}

/** sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN; the low byte of an extended code. */
const passing = new Set([5, 6, 8, 10, 13, 14]);
const sqliteError = z.object({ errcode: z.number().int() });

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = sqliteError.safeParse(error).data?.errcode;
    throw code !== undefined && passing.has(code & 0xff) ? new StoreUnavailableError(error) : error;
  }
}
