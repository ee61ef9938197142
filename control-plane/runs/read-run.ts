import { projectOf } from '../../contract/run-template.ts';
import { notFound, Refusal } from '../api/refusal.ts';
import { findJob } from '../jobs/jobs.ts';
import { type Job, templateOf } from '../jobs/cron-job.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { objectPath } from '../kube/path.ts';
import { readProject } from '../projects/read-project.ts';
import type { Store, StoredRun } from '../store/store.ts';
import type { WireRun } from '../wire/run.ts';
import { actionsOf, type RunFacts } from './actions.ts';
import { cronJobOf, type LiveRun, parseLiveJob, parseLivePod } from './live-run.ts';
import { originOf } from './origin.ts';

export interface ReadShell {
  readonly kube: KubeClient;
  readonly store: Store;
  readonly namespace: string;
  readonly project: string;
}

/** A run with all that tells what can be done with it. */
export interface ReadRun extends RunFacts {
  /** Of the job that it belongs to, as it is now. */
  readonly cronJob: Job | undefined;
}

/** Throws a Refusal of 404 for a run of another project or organization, KubeError, and StoreUnavailableError. */
export async function readRun(shell: ReadShell, uid: string): Promise<ReadRun> {
  const { store, namespace, project } = shell;
  const stored = await store.runs.get(namespace, uid);
  if (stored?.project !== project) throw notFound(`Run ${uid} of ${project}`);
  const [live, plans, invocations] = await Promise.all([
    findLive(shell.kube, stored),
    plansOf(shell),
    store.nodes.of(namespace, uid),
  ]);
  const cronJob = await cronJobFor(shell, stored, live);
  const origin = originOf(stored, live, cronJob && templateOf(cronJob));
  return { stored, live, cronJob, origin, plans, invocations };
}

/** As the API tells it: what the history knows, and what can be done about it now. */
export function wireRun(facts: RunFacts): WireRun {
  return { ...facts.stored, actions: actionsOf(facts) };
}

/** Undefined where Kubernetes has none of this UID any more: another may have its name. */
async function findLive(
  kube: KubeClient,
  { kind, namespace, name, uid }: StoredRun,
): Promise<LiveRun | undefined> {
  const path = objectPath(kind === 'Job' ? 'jobs' : 'pods', namespace, name);
  const found = await unlessGone(kube.request({ path }));
  if (found === undefined) return undefined;
  const live = kind === 'Job' ? parseLiveJob(found) : parseLivePod(found);
  return live.metadata.uid === uid ? live : undefined;
}

async function plansOf({ kube, namespace, project }: ReadShell): Promise<RunFacts['plans']> {
  try {
    const read = await readProject(kube, namespace, project);
    return read.project.status.plans;
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 404) return undefined;
    throw error;
  }
}

/** One of the same name that was made anew is the job, too; one of another project is not. */
async function cronJobFor(
  { kube, namespace, project }: ReadShell,
  stored: StoredRun,
  live: LiveRun | undefined,
): Promise<Job | undefined> {
  const name = (live && cronJobOf(live.metadata)?.name) ?? stored.job;
  if (name === undefined) return undefined;
  const job = await findJob(kube, namespace, name);
  return job !== undefined && projectOf(templateOf(job)) === project ? job : undefined;
}

async function unlessGone(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}
