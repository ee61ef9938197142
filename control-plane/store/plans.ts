import { sql } from 'kysely';
import type { Database } from './database.ts';
import { instant } from './instant.ts';
import type { PlanRecord, Plans } from './store.ts';
import type { Tables } from './tables.ts';

type PlanRow = Tables['plan'];

/** A project that was made again may have a plan of the same id: that one begins anew. */
const isAnother = sql`excluded.created_at > plan.created_at`;
const isOpen = sql`${isAnother} or plan.phase = 'Candidate'`;
const known = (column: 'created_by' | 'finished_at' | 'message' | 'run_uid') => {
  const [told, kept] = [sql.ref(`excluded.${column}`), sql.ref(`plan.${column}`)];
  return sql<string | null>`case when ${isAnother} then ${told} else coalesce(${told}, ${kept}) end`;
};
const replaced = (column: 'image' | 'commit_hash' | 'created_at') => {
  const [told, kept] = [sql.ref(`excluded.${column}`), sql.ref(`plan.${column}`)];
  return sql<string>`case when ${isAnother} then ${told} else ${kept} end`;
};
const news = {
  image: replaced('image'),
  commit_hash: replaced('commit_hash'),
  created_at: replaced('created_at'),
  phase: sql<PlanRow['phase']>`case when ${isOpen} then excluded.phase else plan.phase end`,
  created_by: known('created_by'),
  finished_at: known('finished_at'),
  message: known('message'),
  run_uid: known('run_uid'),
};

export function createPlans({ read, write }: Database): Plans {
  return {
    async record(plans) {
      if (plans.length === 0) return;
      await write(async (transaction) => {
        // In one order: two replicas that record the same plans never wait for each other in a circle.
        for (const plan of plans.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
          await transaction
            .insertInto('plan')
            .values(rowOf(plan))
            .onConflict((conflict) => conflict.columns(['namespace', 'project', 'id']).doUpdateSet(news))
            .execute();
      });
    },
    async list(namespace, project, limit) {
      const rows = await read((database) =>
        database
          .selectFrom('plan')
          .selectAll()
          .where('namespace', '=', namespace)
          .where('project', '=', project)
          .orderBy('created_at', 'desc')
          .orderBy('id')
          .limit(limit)
          .execute(),
      );
      return rows.map(recordOf);
    },
  };
}

function rowOf(plan: PlanRecord): PlanRow {
  const { namespace, project, id, image, commit, phase, createdAt, createdBy, finishedAt, message, run } =
    plan;
  return {
    namespace,
    project,
    id,
    image,
    commit_hash: commit,
    phase,
    created_at: instant(createdAt),
    created_by: createdBy ?? null,
    finished_at: finishedAt === undefined ? null : instant(finishedAt),
    message: message ?? null,
    run_uid: run ?? null,
  };
}

function recordOf(row: PlanRow): PlanRecord {
  return {
    namespace: row.namespace,
    project: row.project,
    id: row.id,
    image: row.image,
    commit: row.commit_hash,
    phase: row.phase,
    createdAt: row.created_at,
    ...(row.created_by !== null && { createdBy: row.created_by }),
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
    ...(row.message !== null && { message: row.message }),
    ...(row.run_uid !== null && { run: row.run_uid }),
  };
}
