import type { Logger } from 'pino';
import type { DbtProject } from '../contract/dbt-project.ts';
import { warnOfUnknownProject } from './cron-jobs.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import type { CronJob } from './kube/cron-job.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createNamespaced, type Namespaced } from './namespaced.ts';
import type { ControlPlane } from './ingest/control-plane.ts';
import type { Outbox } from './ingest/outbox.ts';
import { type Sources, sourcesOf } from './sources.ts';
import { type Alerts, createAlerts } from './slack/alerts.ts';
import { describeRun } from './slack/describe.ts';
import { findDestination, type SlackShell } from './slack/destination.ts';
import type { Spool } from './spool/spool.ts';
import type { WatchSettings } from './watch.ts';
import { projectOf } from './run-report.ts';
import { watchProjects } from './watch-projects.ts';
import { watchRuns } from './watch-runs.ts';
import { createWatches, type Watches } from './watches.ts';
import { WorkQueue } from './work-queue.ts';

export interface WatcherShell {
  readonly client: KubeClient;
  readonly log: Logger;
  readonly settings: WatchSettings;
  /** Undefined for all namespaces. */
  readonly namespace: string | undefined;
  readonly reportingInstance: string;
  readonly spool: Spool;
  /** Undefined where outcomes are told in the cluster only. */
  readonly controlPlane: { readonly controlPlane: ControlPlane; readonly outbox: Outbox } | undefined;
  readonly slack: SlackShell;
  readonly runUrl: string | undefined;
  now(): number;
  readonly random: () => number;
  setTimer(callback: () => void, delayMs: number): () => void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Watcher {
  readonly metrics: Metrics;
  /** Whether every resource has been listed once. */
  isReady(): boolean;
  /** Settles when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Each reconcile reads the API a few times; so many at once are kind to the server. */
const concurrency = 16;
/** GitOps tools often apply a CronJob before its project. */
const cronJobGraceMs = 30_000;

/** What the watches of one watcher share. */
export interface Parts {
  readonly shell: WatcherShell;
  readonly metrics: Metrics;
  readonly watches: Watches;
  readonly sources: Sources;
  readonly projects: Namespaced<DbtProject>;
  readonly cronJobs: Namespaced<CronJob>;
  readonly alerts: Alerts;
  /** A queue that begins when all of `needed` is listed: before, a project would seem unknown and a Job without pods. */
  readonly queue: (
    name: string,
    needed: readonly { readonly resource: string }[],
    reconcile: (key: string) => Promise<number | undefined>,
  ) => WorkQueue;
}

/** Watches, reports runs, tries plans and keeps Ready, until stopped. */
export function startWatcher(shell: WatcherShell): Watcher {
  const projects = createNamespaced<DbtProject>();
  const cronJobs = createNamespaced<CronJob>();
  const metrics = createMetrics({
    now: () => shell.now(),
    isProject: (namespace, name) => projects.byName(namespace, name) !== undefined,
  });
  const watches = createWatches(shell, metrics);
  const queues: WorkQueue[] = [];
  const queue: Parts['queue'] = (name, needed, reconcile) => {
    const listed = watches.listed(needed.map(({ resource }) => resource));
    const made = new WorkQueue({
      ...shell,
      concurrency,
      async reconcile(key) {
        return (await listed) ? reconcile(key) : undefined;
      },
      onError: (key, err, failures) => onError(parts, name, { key, err, failures }),
    });
    queues.push(made);
    return made;
  };
  const sources = sourcesOf(shell.namespace);
  const alerts = alertsOf({ shell, metrics, projects });
  const parts: Parts = { shell, metrics, watches, sources, projects, cronJobs, alerts, queue };
  const runs = watchRuns(parts, watchProjects(parts, watchCronJobs(parts)));
  return {
    metrics,
    isReady: () => watches.isReady(),
    async stop() {
      const working = [watches, runs, ...queues, alerts];
      await Promise.all(working.map((one) => one.stop()));
    },
  };
}

/** A conflict is no trouble: the object has moved on since it was seen, and is looked at again. */
function onError(
  { shell, metrics }: Parts,
  queue: string,
  failure: { readonly key: string; readonly err: unknown; readonly failures: number },
): void {
  if (failure.err instanceof KubeError && failure.err.status === 409) {
    shell.log.debug({ queue, key: failure.key }, 'Object has changed meanwhile; looking again');
    return;
  }
  metrics.onReconcileError(queue);
  shell.log.warn({ queue, ...failure }, 'Could not reconcile; trying again');
}

function alertsOf({ shell, metrics, projects }: Pick<Parts, 'shell' | 'metrics' | 'projects'>): Alerts {
  const { slack, client, log, runUrl } = shell;
  const destinations = {
    ...slack,
    client,
    onBadSecret: (namespace: string) =>
      log.error(
        { namespace },
        'The Slack Secret of an organization holds no token and channel: connect it again',
      ),
  };
  return createAlerts({
    ...shell,
    destinationOf: (run) => findDestination(destinations, run),
    describe(run, outcome) {
      const projectName = projectOf(run);
      const project = projects.byName(run.metadata.namespace, projectName);
      return describeRun(run, outcome, { projectName, project, runUrl });
    },
    onMessage: (result) => metrics.onNotification(result),
  });
}

/** The answer is to be called when a project of the namespace is gone. */
function watchCronJobs({ shell, watches, sources, cronJobs, queue }: Parts): (namespace: string) => void {
  const checks = queue('cron-jobs', [sources.cronJobs, sources.projects], async (key) => {
    const [namespace = '', name = ''] = key.split('/');
    const cronJob = cronJobs.byName(namespace, name);
    if (cronJob !== undefined) await warnOfUnknownProject(shell, cronJob);
    return undefined;
  });
  const check = ({ metadata }: CronJob) =>
    checks.add(`${metadata.namespace}/${metadata.name}`, cronJobGraceMs);
  watches.start(sources.cronJobs, (event) => {
    cronJobs.on(event);
    if (event.type !== 'gone') check(event.object);
  });
  return (namespace) => cronJobs.in(namespace).forEach(check);
}
