import { parseDbtProject } from '../../contract/dbt-project.ts';
import type { KubeClient } from '../kube/client.ts';
import { listAll } from '../kube/list-all.ts';
import { clusterPath } from '../kube/path.ts';
import type { Log } from '../log.ts';
import type { PlanRecord, Store } from '../store/store.ts';
import { recordsOf } from './plan-record.ts';

export interface KeepPlansShell {
  readonly kube: KubeClient;
  readonly store: Pick<Store, 'plans'>;
  readonly log: Log;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A project keeps twenty plans: who makes more between two rounds makes one in three seconds. */
const roundMs = 60_000;

/** Keeps the plans of all projects before their status forgets them, whoever made them, until stopped. */
export async function keepPlans(shell: KeepPlansShell, signal: AbortSignal): Promise<void> {
  let kept = new Map<string, string>();
  const isStopped = () => signal.aborted;
  while (!isStopped()) {
    try {
      kept = await keepNew(shell, kept, signal);
    } catch (err) {
      if (!isStopped()) shell.log.warn({ err }, 'Could not keep the plans of all projects; trying again');
    }
    await shell.sleep(roundMs, signal);
  }
}

/** What was written by now: a plan that is as it was is not written again. */
async function keepNew(
  { kube, store, log }: KeepPlansShell,
  kept: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const objects = await listAll(kube, clusterPath('dbtprojects'), { signal });
  const records = objects.flatMap((object) => {
    try {
      return recordsOf(parseDbtProject(object));
    } catch (err) {
      // One that an older version left must not keep the others from being kept.
      log.warn({ err }, 'Could not read a DbtProject');
      return [];
    }
  });
  const now = new Map(records.map((record) => [keyOf(record), JSON.stringify(record)]));
  const fresh = records.filter((record) => kept.get(keyOf(record)) !== now.get(keyOf(record)));
  if (fresh.length > 0) await store.plans.record(fresh);
  return now;
}

function keyOf({ namespace, project, id }: PlanRecord): string {
  return `${namespace}/${project}/${id}`;
}
