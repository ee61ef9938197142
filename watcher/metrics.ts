import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../contract/outcome.ts';
import type { Job } from './kube/job.ts';
import type { Pod } from './kube/pod.ts';
import { runTimes } from './run-times.ts';

/** Label value of every run whose project does not exist: anybody can write a label, and each value would be a series. */
const noProject = '(unknown)';
/** dbt's node statuses; another one is counted as `other`. */
const nodeStatuses = [
  'success',
  'pass',
  'warn',
  'error',
  'fail',
  'skipped',
  'no-op',
  'partial success',
  'runtime error',
  'started',
  'reused',
  'cancelled',
];
/** Seconds: dbt runs take from half a minute to a working day. */
const durationBuckets = [30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400];

export interface Metrics {
  readonly registry: Registry;
  onRunReported(run: Job | Pod, project: string, outcome: Outcome): void;
  /** Sets the time of the last success from a run that was reported before, so that a restart forgets nothing. */
  onRunKnown(run: Job | Pod, project: string, outcome: Outcome): void;
  onPlanEnded(namespace: string, project: string, phase: 'Promoted' | 'Failed'): void;
  onNotification(result: 'sent' | 'refused'): void;
  onWatchAlive(resource: string): void;
  onWatchTrouble(resource: string): void;
  onBadObject(resource: string): void;
  onReconcileError(queue: string): void;
}

export interface MetricsShell {
  now(): number;
  isProject(namespace: string, name: string): boolean;
}

export function createMetrics(shell: MetricsShell): Metrics {
  const series = createSeries();
  const latest = new Map<string, number>();
  const labelsOf = (namespace: string, project: string) => ({
    namespace,
    project: shell.isProject(namespace, project) ? project : noProject,
  });
  const noteSuccess = (run: Job | Pod, labels: { namespace: string; project: string }, outcome: Outcome) => {
    const { finishedAt } = runTimes(run);
    const key = `${labels.namespace}/${labels.project}`;
    if (outcome.result !== 'succeeded' || finishedAt <= (latest.get(key) ?? 0)) return;
    latest.set(key, finishedAt);
    series.lastSuccess.set(labels, finishedAt);
  };
  return {
    registry: series.registry,
    onRunKnown(run, project, outcome) {
      noteSuccess(run, labelsOf(run.metadata.namespace, project), outcome);
    },
    onRunReported(run, project, outcome) {
      const labels = labelsOf(run.metadata.namespace, project);
      const { startedAt, finishedAt } = runTimes(run);
      series.runs.inc({ ...labels, result: outcome.result, reason: outcome.reason });
      if (startedAt > 0 && finishedAt >= startedAt) {
        series.duration.observe({ ...labels, result: outcome.result }, finishedAt - startedAt);
      }
      noteSuccess(run, labels, outcome);
      if (outcome.dbt === undefined) return;
      for (const [status, count] of nodeCounts(outcome.dbt.counts))
        series.nodes.set({ ...labels, status }, count);
    },
    onPlanEnded: (namespace, project, phase) => series.plans.inc({ namespace, project, phase }),
    onNotification: (result) => series.notifications.inc({ channel: 'slack', result }),
    onWatchAlive: (resource) => series.watchAlive.set({ resource }, shell.now() / 1000),
    onWatchTrouble: (resource) => series.watchTrouble.inc({ resource }),
    onBadObject: (resource) => series.badObjects.inc({ resource }),
    onReconcileError: (queue) => series.reconcileErrors.inc({ queue }),
  };
}

const ofProject = ['namespace', 'project'] as const;

function createSeries() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Name extends string>(name: string, help: string, labelNames: readonly Name[]) =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const gauge = <Name extends string>(name: string, help: string, labelNames: readonly Name[]) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  return {
    registry,
    runs: counter('dbt_jobs_runs_total', 'Runs reported, by outcome', [...ofProject, 'result', 'reason']),
    plans: counter('dbt_jobs_plans_total', 'Plans tried, by the phase they ended in', [
      ...ofProject,
      'phase',
    ]),
    notifications: counter('dbt_jobs_notifications_total', 'Messages about runs', ['channel', 'result']),
    watchTrouble: counter('dbt_jobs_watch_errors_total', 'Lists and watches that broke off', ['resource']),
    badObjects: counter('dbt_jobs_bad_objects_total', 'Objects that could not be read', ['resource']),
    reconcileErrors: counter('dbt_jobs_reconcile_errors_total', 'Reconciles that are tried again', ['queue']),
    nodes: gauge('dbt_jobs_nodes', 'dbt nodes of the run reported last, by status', [...ofProject, 'status']),
    lastSuccess: gauge(
      'dbt_jobs_last_success_timestamp_seconds',
      'End of the last run that succeeded',
      ofProject,
    ),
    watchAlive: gauge(
      'dbt_jobs_watch_last_event_timestamp_seconds',
      'When the API server last sent something on a watch, bookmarks included',
      ['resource'],
    ),
    duration: new Histogram({
      name: 'dbt_jobs_run_duration_seconds',
      help: 'From the start of a run to its end',
      labelNames: [...ofProject, 'result'],
      buckets: durationBuckets,
      registers,
    }),
  };
}

/** Every known status, so that none keeps the number of an earlier run. */
function nodeCounts(counts: Readonly<Record<string, number>>): Map<string, number> {
  const all = new Map([...nodeStatuses, 'other'].map((status) => [status, 0]));
  for (const [status, count] of Object.entries(counts)) {
    const key = all.has(status) ? status : 'other';
    all.set(key, (all.get(key) ?? 0) + count);
  }
  return all;
}
