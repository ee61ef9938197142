import { annotations, labels } from '../../contract/names.ts';
import { type ByHand, runByHand } from '../../contract/run-by-hand.ts';
import { planOf, projectOf, type RunTemplate, wordsOf } from '../../contract/run-template.ts';
import type { KubeClient } from '../kube/client.ts';
import { objectPath } from '../kube/path.ts';
import type { Log } from '../log.ts';
import { type Job, templateOf } from '../jobs/cron-job.ts';
import type { CreatedRun, Store } from '../store/store.ts';
import type { RunSummary } from '../wire/run.ts';
import { cronJobOf, parseLiveJob } from './live-run.ts';

export interface StartShell {
  readonly asUser: KubeClient;
  readonly store: Store;
  readonly log: Log;
  readonly namespace: string;
  /** Who asks. */
  readonly user: string;
}

/** Of a job as it is now. Throws KubeError. */
export function startJob(shell: StartShell, job: Job): Promise<RunSummary> {
  const { name, uid } = job.object.metadata;
  const template = templateOf(job);
  return start(shell, template, {
    namedAfter: name,
    owner: { name, uid },
    plan: planOf(template),
  });
}

export interface Again {
  readonly template: RunTemplate;
  readonly words: readonly string[];
  /** Of the run that is run again. */
  readonly name: string;
  /** The job that it belongs to, and its CronJob while there is one. */
  readonly job: string | undefined;
  readonly cronJob: Job | undefined;
  /** Absent: the plan in force. */
  readonly plan?: string;
  readonly retryOf?: string;
}

/** Of an earlier run. Throws KubeError. */
export function startAgain(
  shell: StartShell,
  { template, cronJob, name, job, ...how }: Again,
): Promise<RunSummary> {
  const of = cronJob?.object.metadata;
  return start(shell, template, {
    ...how,
    namedAfter: of?.name ?? job ?? name,
    owner: of && { name: of.name, uid: of.uid },
    job: of === undefined ? job : undefined,
  });
}

async function start(
  shell: StartShell,
  template: RunTemplate,
  how: Omit<ByHand, 'namespace' | 'by'>,
): Promise<RunSummary> {
  const { asUser, store, namespace, user: by } = shell;
  const body = runByHand(template, { ...how, namespace, by });
  const query = { fieldManager: 'dbt-jobs-control-plane' };
  const made = await asUser.request({ method: 'POST', path: objectPath('jobs', namespace), query, body });
  const created = createdRun(made);
  await store.runs
    .created(created)
    // It runs, and the watcher will tell of it.
    .catch((err: unknown) =>
      shell.log.warn({ err, uid: created.uid, namespace }, 'Could not keep a new run'),
    );
  const { uid, name, project, job, plan, trigger, createdAt, command } = created;
  return { uid, name, project, job, plan, trigger, createdAt, command, phase: 'pending' };
}

/** The Job as the API server made it, admission's doing included. */
function createdRun(value: unknown): CreatedRun {
  const { metadata, template } = parseLiveJob(value);
  const { uid, namespace, name } = metadata;
  const told = metadata.annotations ?? {};
  const by = told[annotations.triggeredBy];
  const retryOf = told[annotations.retryOf];
  const job = metadata.labels?.[labels.job] ?? cronJobOf(metadata)?.name;
  const plan = planOf(template);
  return {
    uid,
    kind: 'Job',
    namespace,
    name,
    project: projectOf(template) ?? '',
    ...(job !== undefined && { job }),
    ...(plan !== undefined && { plan }),
    trigger: {
      kind: retryOf === undefined ? 'manual' : 'retry',
      ...(by !== undefined && { by }),
      ...(retryOf !== undefined && { retryOf }),
    },
    createdAt: new Date(metadata.creationTimestamp).toISOString(),
    command: [...wordsOf(template)],
  };
}
