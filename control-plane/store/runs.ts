import { type ExpressionBuilder, type Kysely, sql, type SqlBool } from 'kysely';
import type { OutcomeReport, ProgressReport } from '../../contract/ingestion.ts';
import type { RunFilter, RunList, RunSummary } from '../wire/run.ts';
import type { Announce, Database } from './database.ts';
import {
  createdRow,
  outcomeRow,
  progressColumns,
  type RunRow,
  runOf,
  summaryOf,
  undecided,
} from './run-row.ts';
import { type Runs, UnknownCursorError } from './store.ts';
import type { Tables, Writing } from './tables.ts';

/** The latest `observedAt` holds; what the API said of a run it had created holds until the first. */
export async function takeProgress(
  transaction: Writing,
  announce: Announce,
  report: ProgressReport,
  changedAt: string,
): Promise<void> {
  const columns = progressColumns(report, changedAt);
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('run')
    .values({ ...columns, ...undecided })
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'uid'])
        .doUpdateSet({
          ...columns,
          // The outcome is decided once the run is over, whatever was observed before and comes later.
          phase: sql<RunRow['phase']>`case when run.result is null then excluded.phase else 'ended' end`,
        })
        .where(
          sql<SqlBool>`(excluded.observed_at, excluded.progress_json) > (run.observed_at, run.progress_json)`,
        ),
    )
    .executeTakeFirstOrThrow();
  const { namespace, project, uid } = columns;
  if (numInsertedOrUpdatedRows) announce({ kind: 'run', namespace, project, uid });
}

/** The first holds. */
export async function takeOutcome(
  transaction: Writing,
  announce: Announce,
  report: OutcomeReport,
  changedAt: string,
): Promise<void> {
  const row = outcomeRow(report, changedAt);
  const { namespace, uid, project, phase, result, decided_at, outcome_json } = row;
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('run')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'uid'])
        .doUpdateSet({ phase, result, decided_at, outcome_json, changed_at: changedAt })
        .where('run.result', 'is', null),
    )
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows) announce({ kind: 'run', namespace, project, uid });
}

export function createRuns({ read, write }: Database, now: () => Date): Runs {
  return {
    async created(run) {
      const row = createdRow(run, now().toISOString());
      await write(async (transaction, announce) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('run')
          .values(row)
          .onConflict((conflict) => conflict.columns(['namespace', 'uid']).doNothing())
          .executeTakeFirstOrThrow();
        const { namespace, project, uid } = run;
        if (numInsertedOrUpdatedRows) announce({ kind: 'run', namespace, project, uid });
      });
    },
    list: (namespace, project, filter) => read((database) => list(database, namespace, project, filter)),
    async get(namespace, uid) {
      const row = await read((database) =>
        database
          .selectFrom('run')
          .selectAll()
          .where('namespace', '=', namespace)
          .where('uid', '=', uid)
          .executeTakeFirst(),
      );
      return row && runOf(row);
    },
    lastOfJobs: (namespace, project, jobs, limit) =>
      read((database) => lastOfJobs(database, namespace, project, jobs, limit)),
    async changedSince(namespace, project, since, limit) {
      const rows = await read((database) =>
        ofProject(database, namespace, project)
          .where('changed_at', '>=', since)
          .orderBy('changed_at')
          .limit(limit)
          .execute(),
      );
      return rows.map(summaryOf);
    },
  };
}

const ofProject = (database: Kysely<Tables>, namespace: string, project: string) =>
  database.selectFrom('run').selectAll().where('namespace', '=', namespace).where('project', '=', project);

async function list(
  database: Kysely<Tables>,
  namespace: string,
  project: string,
  filter: RunFilter,
): Promise<RunList> {
  const { before, limit, job, result, phase, trigger } = filter;
  const cursor = before === undefined ? undefined : readCursor(before);
  const rows = await ofProject(database, namespace, project)
    .where((eb) =>
      eb.and([
        ...(job === undefined ? [] : [eb('job', '=', job)]),
        ...(result === undefined ? [] : [eb('result', '=', result)]),
        ...(phase === undefined ? [] : [eb('phase', '=', phase)]),
        ...(trigger === undefined ? [] : [eb('trigger_kind', '=', trigger)]),
        ...(cursor === undefined ? [] : [isBefore(eb, cursor)]),
      ]),
    )
    .orderBy('created_at', 'desc')
    .orderBy('uid', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    runs: page.map(summaryOf),
    next: rows.length > limit && last !== undefined ? `${last.created_at}_${last.uid}` : undefined,
  };
}

interface Cursor {
  readonly createdAt: string;
  readonly uid: string;
}

function readCursor(before: string): Cursor {
  const [, createdAt, uid] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(.{1,128})$/.exec(before) ?? [];
  if (createdAt === undefined || uid === undefined) throw new UnknownCursorError();
  return { createdAt, uid };
}

const isBefore = (eb: ExpressionBuilder<Tables, 'run'>, { createdAt, uid }: Cursor) =>
  eb(eb.refTuple('created_at', 'uid'), '<', eb.tuple(createdAt, uid));

/** SQLite refuses more than 500 parts of a compound; each part ends at `limit` rows of the list's own index. */
const jobsOfQuery = 100;

async function lastOfJobs(
  database: Kysely<Tables>,
  namespace: string,
  project: string,
  jobs: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, readonly RunSummary[]>> {
  const found = new Map<string, RunSummary[]>(jobs.map((job) => [job, []]));
  const names = [...found.keys()];
  for (let at = 0; at < names.length; at += jobsOfQuery) {
    const parts = names
      .slice(at, at + jobsOfQuery)
      .map((job) =>
        database
          .selectFrom(
            ofProject(database, namespace, project)
              .where('job', '=', job)
              .orderBy('created_at', 'desc')
              .orderBy('uid', 'desc')
              .limit(limit)
              .as('last'),
          )
          .selectAll(),
      );
    const rows = await parts.reduce((all, part) => all.unionAll(part)).execute();
    for (const row of rows) if (row.job !== null) found.get(row.job)?.push(summaryOf(row));
  }
  // A compound keeps no order.
  for (const runs of found.values()) runs.sort(newestFirst);
  return found;
}

const newestFirst = (a: RunSummary, b: RunSummary): number =>
  a.createdAt === b.createdAt ? (a.uid < b.uid ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1;
