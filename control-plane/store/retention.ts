import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Retention, Swept } from './store.ts';
import type { Tables } from './tables.ts';

const dayMs = 86_400_000;
/** Deleted in one transaction: few enough that nobody waits for it. */
const runsOfTransaction = 100;
const logsOfTransaction = 20;
const entriesOfTransaction = 1000;

/** Age is since the last word about a run or a log. A log goes, and its row stays to say that there was one. */
export async function sweep(database: Database, retention: Retention, now: string): Promise<Swept> {
  const before = (days: number) => new Date(Date.parse(now) - days * dayMs).toISOString();
  const [runsBefore, logsBefore] = [before(retention.runDays), before(retention.logDays)];
  const swept = await database.alone(async (alone) => ({
    by: 'this' as const,
    logs: await repeat(() => removeLogs(alone, logsBefore)),
    runs: await repeat(() => removeRuns(alone, runsBefore)),
    auditEntries: await repeat(() => removeEntries(alone, runsBefore)),
  }));
  if (swept === undefined) return { by: 'another' };
  await database.shrink();
  return swept;
}

/** Until nothing is left. */
async function repeat(removeSome: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let removed = await removeSome(); removed > 0; removed = await removeSome()) sum += removed;
  return sum;
}

async function removeLogs(database: Kysely<Tables>, before: string): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const streams = await transaction
      .selectFrom('log_stream')
      .select(['namespace', 'run_uid', 'stream'])
      .where('removed', '=', 0)
      .where('changed_at', '<', before)
      .limit(logsOfTransaction)
      .execute();
    for (const stream of streams) {
      // The row first: whoever adds lines takes it first, too.
      await transaction
        .updateTable('log_stream')
        .set({ removed: 1 })
        .where((eb) => eb.and(stream))
        .execute();
      await transaction
        .deleteFrom('log_chunk')
        .where((eb) => eb.and(stream))
        .execute();
    }
    return streams.length;
  });
}

async function removeRuns(database: Kysely<Tables>, before: string): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const runs = await transaction
      .selectFrom('run')
      .select(['namespace', 'uid'])
      .where('changed_at', '<', before)
      .limit(runsOfTransaction)
      .execute();
    for (const { namespace, uid } of runs) {
      await transaction
        .deleteFrom('run')
        .where((eb) => eb.and({ namespace, uid }))
        .execute();
      for (const table of ['dbt_invocation', 'dbt_node', 'log_stream', 'log_chunk'] as const)
        await transaction
          .deleteFrom(table)
          .where('namespace', '=', namespace)
          .where('run_uid', '=', uid)
          .execute();
    }
    return runs.length;
  });
}

async function removeEntries(database: Kysely<Tables>, before: string): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const entries = await transaction
      .selectFrom('audit_entry')
      .select(['namespace', 'id'])
      .where('at', '<', before)
      .limit(entriesOfTransaction)
      .execute();
    for (const entry of entries)
      await transaction
        .deleteFrom('audit_entry')
        .where((eb) => eb.and(entry))
        .execute();
    return entries.length;
  });
}
