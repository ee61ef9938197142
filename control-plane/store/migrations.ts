import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Tables } from './tables.ts';

type DatabaseName = 'sqlite' | 'postgres';

/**
 * Brings the tables to where this version wants them. Safe with several replicas at once: PostgreSQL by an advisory lock,
 * SQLite by the write transaction itself. Rejects where a newer version has changed the tables already.
 */
export async function migrate(database: Kysely<Tables>, name: DatabaseName): Promise<void> {
  const migrations = { '0001-history': statements(history(columnTypes[name])) };
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('could not bring the database up to date', { cause: error });
}

interface ColumnTypes {
  readonly text: string;
  readonly count: string;
  readonly bytes: string;
}

const columnTypes: Readonly<Record<DatabaseName, ColumnTypes>> = {
  sqlite: { text: 'text', count: 'integer', bytes: 'blob' },
  // Byte order: keys and instants compare in the database as they do in JavaScript.
  postgres: { text: 'text collate "C"', count: 'bigint', bytes: 'bytea' },
};

function statements(texts: readonly string[]): Migration {
  return {
    async up(database: Kysely<unknown>) {
      for (const text of texts) await sql.raw(text).execute(database);
    },
  };
}

function history(types: ColumnTypes): readonly string[] {
  return [...runTables(types), ...logTables(types), ...otherTables(types)];
}

function runTables({ text, count }: ColumnTypes): readonly string[] {
  const listed = ['job', 'result', 'phase', 'trigger_kind'];
  return [
    `create table run (
      namespace ${text} not null, uid ${text} not null, project ${text} not null, kind ${text} not null,
      name ${text} not null, job ${text}, plan ${text}, created_at ${text} not null, phase ${text} not null,
      result ${text}, trigger_kind ${text}, observed_at ${text} not null, progress_json ${text} not null,
      decided_at ${text}, outcome_json ${text}, changed_at ${text} not null,
      primary key (namespace, uid))`,
    `create index run_list on run (namespace, project, created_at, uid)`,
    ...listed.map(
      (column) => `create index run_list_${column} on run (namespace, project, ${column}, created_at, uid)`,
    ),
    `create index run_changed on run (changed_at)`,
    `create table dbt_invocation (
      namespace ${text} not null, run_uid ${text} not null, attempt ${text} not null, execution ${count} not null,
      position ${count} not null, observed_at ${text} not null, facts_json ${text} not null,
      primary key (namespace, run_uid, attempt, execution, position))`,
    `create table dbt_node (
      namespace ${text} not null, run_uid ${text} not null, attempt ${text} not null, execution ${count} not null,
      position ${count} not null, unique_id ${text} not null, observed_at ${text} not null, node_json ${text} not null,
      primary key (namespace, run_uid, attempt, execution, position, unique_id))`,
  ];
}

function logTables({ text, count, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table log_stream (
      namespace ${text} not null, run_uid ${text} not null, stream ${text} not null, project ${text} not null,
      attempt ${text} not null, container ${text} not null, execution ${count} not null, lines ${count} not null,
      bytes ${count} not null, first_key ${text} not null, last_key ${text} not null, gaps_json ${text} not null,
      ending ${text}, removed ${count} not null, changed_at ${text} not null,
      primary key (namespace, run_uid, stream))`,
    `create index log_stream_changed on log_stream (removed, changed_at)`,
    `create table log_chunk (
      namespace ${text} not null, run_uid ${text} not null, stream ${text} not null, first_key ${text} not null,
      last_key ${text} not null, first_line ${count} not null, lines ${count} not null, bytes ${count} not null,
      first_error ${count}, data ${bytes} not null,
      primary key (namespace, run_uid, stream, first_key))`,
    `create index log_chunk_line on log_chunk (namespace, run_uid, stream, first_line)`,
    `create index log_chunk_error on log_chunk (namespace, run_uid, stream, first_line, first_error)
      where first_error is not null`,
  ];
}

function otherTables({ text, count }: ColumnTypes): readonly string[] {
  return [
    `create table plan (
      namespace ${text} not null, project ${text} not null, id ${text} not null, image ${text} not null,
      commit_hash ${text} not null, phase ${text} not null, created_at ${text} not null, created_by ${text},
      finished_at ${text}, message ${text}, run_uid ${text},
      primary key (namespace, project, id))`,
    `create table audit_entry (
      namespace ${text} not null, id ${text} not null, at ${text} not null, project ${text},
      user_name ${text} not null, action ${text} not null, object ${text} not null,
      primary key (namespace, id))`,
    `create index audit_entry_at on audit_entry (at)`,
    `create table watcher_heard (id ${count} primary key, heard_at ${text} not null)`,
  ];
}
