import { sql } from 'kysely';
import type { IngestionReport } from '../../contract/ingestion.ts';
import { createAudit } from './audit.ts';
import type { Announce, Database } from './database.ts';
import { takeLog } from './log-writer.ts';
import { createLogs } from './logs.ts';
import { createNodes, takeNodes } from './nodes.ts';
import { createPlans } from './plans.ts';
import { openPostgres } from './postgres.ts';
import { sweep } from './retention.ts';
import { createRuns, takeOutcome, takeProgress } from './runs.ts';
import { openSqlite } from './sqlite.ts';
import type { Store, StoreSettings, StoreShell } from './store.ts';
import type { Writing } from './tables.ts';

/** Brings the tables up to date first. Rejects where the database cannot be reached. */
export async function openStore(settings: StoreSettings, shell: StoreShell): Promise<Store> {
  const onTrouble = (error: unknown) => shell.onTrouble(error);
  const database =
    settings.database === 'sqlite'
      ? await openSqlite(settings.file, onTrouble)
      : await openPostgres(settings, onTrouble);
  return {
    ingest: (reports) => ingest(database, reports, shell.now().toISOString()),
    runs: createRuns(database, shell.now),
    nodes: createNodes(database),
    logs: createLogs(database),
    plans: createPlans(database),
    audit: createAudit(database),
    changes: { subscribe: (listener) => database.subscribe(listener) },
    watcher: { heard: (at) => heard(database, at), heardAt: () => heardAt(database) },
    sweep: (now) => sweep(database, settings.retention, now),
    health: () => health(database),
    close: () => database.close(),
  };
}

/** In one order of rows, whatever the order of the reports: two replicas never wait for each other in a circle. */
async function ingest(
  { write }: Database,
  reports: readonly IngestionReport[],
  changedAt: string,
): Promise<void> {
  if (reports.length === 0) return;
  const sorted = reports.toSorted((a, b) => (rowKey(a) < rowKey(b) ? -1 : 1));
  await write(async (transaction, announce) => {
    for (const report of sorted) await take(transaction, announce, report, changedAt);
  });
}

/** A run before its logs: whoever hears of a log finds its run. */
const rowKey = (report: IngestionReport): string => {
  const { namespace, uid } = report.run;
  const stream = report.kind === 'log' ? `${report.attempt}.${report.container}.${report.execution}` : '';
  return `${namespace} ${uid} ${stream}`;
};

function take(
  transaction: Writing,
  announce: Announce,
  report: IngestionReport,
  changedAt: string,
): Promise<void> {
  switch (report.kind) {
    case 'progress':
      return takeProgress(transaction, announce, report, changedAt);
    case 'outcome':
      return takeOutcome(transaction, announce, report, changedAt);
    case 'nodes':
      return takeNodes(transaction, announce, report);
    case 'log':
      return takeLog(transaction, announce, report, changedAt);
  }
}

async function heard({ write }: Database, at: string): Promise<void> {
  await write((transaction) =>
    transaction
      .insertInto('watcher_heard')
      .values({ id: 1, heard_at: at })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ heard_at: at }).where('watcher_heard.heard_at', '<', at),
      )
      .execute(),
  );
}

async function heardAt({ read }: Database): Promise<string | undefined> {
  const row = await read((database) =>
    database.selectFrom('watcher_heard').select('heard_at').executeTakeFirst(),
  );
  return row?.heard_at;
}

async function health({ read }: Database): Promise<'ok' | 'unreachable'> {
  try {
    await read((database) => sql`select 1`.execute(database));
    return 'ok';
  } catch {
    return 'unreachable';
  }
}
