import { sql, type SqlBool } from 'kysely';
import type { NodesReport } from '../../contract/ingestion.ts';
import { invocation, node, type WireInvocation, type WireNode } from '../wire/run.ts';
import type { Announce, Database } from './database.ts';
import { instant } from './instant.ts';
import { runOf } from './run-row.ts';
import type { Nodes } from './store.ts';
import type { Tables, Writing } from './tables.ts';

const factsDocument = invocation.pick({ invocation: true, version: true, elapsedSeconds: true, error: true });
const nodeDocument = node.omit({ type: true, name: true });

/** The latest `observedAt` holds for the command and for each node by itself. */
export async function takeNodes(
  transaction: Writing,
  announce: Announce,
  report: NodesReport,
): Promise<void> {
  const { namespace, project, uid } = report.run;
  const command = {
    namespace,
    run_uid: uid,
    attempt: report.attempt,
    execution: report.execution,
    position: report.index,
    observed_at: instant(report.observedAt),
  };
  const facts = await transaction
    .insertInto('dbt_invocation')
    .values({ ...command, facts_json: JSON.stringify(factsDocument.parse(report)) })
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'run_uid', 'attempt', 'execution', 'position'])
        .doUpdateSet((eb) => ({
          observed_at: eb.ref('excluded.observed_at'),
          facts_json: eb.ref('excluded.facts_json'),
        }))
        .where(isNewer('dbt_invocation', 'facts_json')),
    )
    .executeTakeFirstOrThrow();
  const changed =
    (await takeNodesOf(transaction, command, report)) || Boolean(facts.numInsertedOrUpdatedRows);
  if (changed) announce({ kind: 'nodes', namespace, project, uid });
}

type Command = Omit<Tables['dbt_invocation'], 'facts_json'>;

async function takeNodesOf(transaction: Writing, command: Command, { nodes }: NodesReport): Promise<boolean> {
  // One statement may not write a row twice; of one report the last word holds.
  const rows = new Map(
    nodes.map((one) => [
      one.uniqueId,
      { ...command, unique_id: one.uniqueId, node_json: JSON.stringify(nodeDocument.parse(one)) },
    ]),
  );
  if (rows.size === 0) return false;
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('dbt_node')
    .values([...rows.values()])
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'run_uid', 'attempt', 'execution', 'position', 'unique_id'])
        .doUpdateSet((eb) => ({
          observed_at: eb.ref('excluded.observed_at'),
          node_json: eb.ref('excluded.node_json'),
        }))
        .where(isNewer('dbt_node', 'node_json')),
    )
    .executeTakeFirstOrThrow();
  return Boolean(numInsertedOrUpdatedRows);
}

const isNewer = (table: 'dbt_invocation' | 'dbt_node', column: 'facts_json' | 'node_json') => {
  const [document, known] = [sql.ref(`excluded.${column}`), sql.ref(`${table}.${column}`)];
  return sql<SqlBool>`(excluded.observed_at, ${document}) > (${sql.ref(`${table}.observed_at`)}, ${known})`;
};

export function createNodes({ read }: Database): Nodes {
  return {
    async of(namespace, runUid) {
      const [runs, commands, nodes] = await read(async (database) => [
        await database
          .selectFrom('run')
          .selectAll()
          .where('namespace', '=', namespace)
          .where('uid', '=', runUid)
          .execute(),
        await database
          .selectFrom('dbt_invocation')
          .selectAll()
          .where('namespace', '=', namespace)
          .where('run_uid', '=', runUid)
          .execute(),
        await database
          .selectFrom('dbt_node')
          .selectAll()
          .where('namespace', '=', namespace)
          .where('run_uid', '=', runUid)
          .execute(),
      ]);
      const attempts = runs.flatMap((row) => runOf(row).attempts).map(({ uid }) => uid);
      return invocationsOf(commands, nodes, attempts);
    },
  };
}

type CommandRow = Tables['dbt_invocation'];
type NodeRow = Tables['dbt_node'];

/** `attempts`: their UIDs in the order in which they ran. */
export function invocationsOf(
  commands: readonly CommandRow[],
  nodes: readonly NodeRow[],
  attempts: readonly string[],
): readonly WireInvocation[] {
  const keyOf = (row: Command) => [row.attempt, row.execution, row.position].join(' ');
  const ofCommand = Map.groupBy(nodes, keyOf);
  const place = ({ attempt }: Command) => (attempts.includes(attempt) ? attempts.indexOf(attempt) : Infinity);
  return commands
    .toSorted(
      (a, b) =>
        compare(place(a), place(b)) ||
        compare(a.attempt, b.attempt) ||
        a.execution - b.execution ||
        a.position - b.position,
    )
    .map((row) => ({
      attempt: row.attempt,
      execution: row.execution,
      index: row.position,
      ...factsDocument.parse(JSON.parse(row.facts_json)),
      nodes: (ofCommand.get(keyOf(row)) ?? []).map(nodeOf).toSorted(asBegun),
    }));
}

function nodeOf({ node_json }: NodeRow): WireNode {
  const known = nodeDocument.parse(JSON.parse(node_json));
  return { ...known, ...namesOf(known.uniqueId) };
}

/**
 * `model.shop.orders`, `model.shop.orders.v2`, `test.shop.not_null_orders_id.1a2b3c4d5e`: type, package, name, and of a data
 * test a hash. What dbt's plain text names has no more than a name.
 */
function namesOf(uniqueId: string): Pick<WireNode, 'type' | 'name'> {
  const [type = '', , ...words] = uniqueId.split('.');
  if (words.length === 0) return { type: '', name: uniqueId };
  const isHashed = type === 'test' && words.length > 1;
  return { type, name: (isHashed ? words.slice(0, -1) : words).join('.') };
}

/** One that has not begun stands last. */
const asBegun = (a: WireNode, b: WireNode): number =>
  compare(a.startedAt ?? '~', b.startedAt ?? '~') || compare(a.uniqueId, b.uniqueId);

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
