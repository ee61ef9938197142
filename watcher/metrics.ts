import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../contract/outcome.ts';
import type { Job } from './kube/job.ts';
import type { Pod } from './kube/pod.ts';
import type { GapReason } from './logs/tail.ts';
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
  /** A run may not be changed: what was to be written onto it is not. */
  onRefused(): void;
  /** Bytes in the spool. */
  onSpooled(bytes: number): void;
  onLogGap(reason: GapReason): void;
  onReportsSent(result: 'accepted' | 'rejected' | 'failed', count: number): void;
  /** Runs of which the control plane has not yet taken all. */
  onDeliveryWaiting(runs: number): void;
}

export interface MetricsShell {
  now(): number;
  isProject(namespace: string, name: string): boolean;
}

export function createMetrics(shell: MetricsShell): Metrics {
  const series = createSeries();
  series.leading.set(1);
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
      const seconds = finishedAt - startedAt;
      if (startedAt > 0 && seconds >= 0)
        series.duration.observe({ ...labels, result: outcome.result }, seconds);
      noteSuccess(run, labels, outcome);
      for (const [status, count] of nodeCounts(outcome.dbt?.counts)) {
        series.nodes.set({ ...labels, status }, count);
      }
    },
    ...selfMetrics(series, () => shell.now() / 1000),
    onPlanEnded: (namespace, project, phase) => series.plans.inc({ namespace, project, phase }),
    onNotification: (result) => series.notifications.inc({ channel: 'slack', result }),
  };
}

function selfMetrics(series: ReturnType<typeof selfSeries>, seconds: () => number) {
  return {
    onWatchAlive: (resource: string) => series.watchAlive.set({ resource }, seconds()),
    onWatchTrouble: (resource: string) => series.watchTrouble.inc({ resource }),
    onBadObject: (resource: string) => series.badObjects.inc({ resource }),
    onReconcileError: (queue: string) => series.reconcileErrors.inc({ queue }),
    onRefused: () => series.refusals.inc(),
    onSpooled: (bytes: number) => series.spool.set(bytes),
    onLogGap: (reason: GapReason) => series.logGaps.inc({ reason }),
    onReportsSent: (result: string, count: number) => series.reports.inc({ result }, count),
    onDeliveryWaiting: (runs: number) => series.waiting.set(runs),
  };
}

const ofProject = ['namespace', 'project'] as const;

function createSeries() {
  const registry = new Registry();
  const make = makers(registry);
  return { registry, ...runSeries(make), ...selfSeries(make) };
}

type Makers = ReturnType<typeof makers>;

function makers(registry: Registry) {
  const registers = [registry];
  return {
    counter: <Name extends string>(name: string, help: string, labelNames: readonly Name[]) =>
      new Counter({ name, help, labelNames: [...labelNames], registers }),
    gauge: <Name extends string>(name: string, help: string, labelNames: readonly Name[]) =>
      new Gauge({ name, help, labelNames: [...labelNames], registers }),
    histogram: <Name extends string>(name: string, help: string, labelNames: readonly Name[]) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: durationBuckets, registers }),
  };
}

/** What the platform's people ask of runs. */
function runSeries({ counter, gauge, histogram }: Makers) {
  return {
    runs: counter('dbt_jobs_runs_total', 'Runs reported, by outcome', [...ofProject, 'result', 'reason']),
    plans: counter('dbt_jobs_plans_total', 'Plans tried, by the phase they ended in', [
      ...ofProject,
      'phase',
    ]),
    notifications: counter('dbt_jobs_notifications_total', 'Messages about runs', ['channel', 'result']),
    nodes: gauge('dbt_jobs_nodes', 'dbt nodes of the run reported last, by status', [...ofProject, 'status']),
    lastSuccess: gauge(
      'dbt_jobs_last_success_timestamp_seconds',
      'End of the last run that succeeded',
      ofProject,
    ),
    duration: histogram('dbt_jobs_run_duration_seconds', 'From the start of a run to its end', [
      ...ofProject,
      'result',
    ]),
  };
}

/** How the watcher itself does. */
function selfSeries({ counter, gauge }: Makers) {
  return {
    watchTrouble: counter('dbt_jobs_watch_errors_total', 'Lists and watches that broke off', ['resource']),
    badObjects: counter('dbt_jobs_bad_objects_total', 'Objects that could not be read', ['resource']),
    reconcileErrors: counter('dbt_jobs_reconcile_errors_total', 'Reconciles that are tried again', ['queue']),
    refusals: counter(
      'dbt_jobs_refused_writes_total',
      'Outcomes and ends that could not be written onto a run, which may not be changed',
      [],
    ),
    watchAlive: gauge(
      'dbt_jobs_watch_last_event_timestamp_seconds',
      'When the API server last sent something on a watch, bookmarks included',
      ['resource'],
    ),
    leading: gauge('dbt_jobs_watcher_leading', 'Whether this watcher is the one that works', []),
    spool: gauge('dbt_jobs_spool_bytes', 'Bytes of logs in the spool', []),
    logGaps: counter('dbt_jobs_log_gaps_total', 'Places where lines of a log are missing', ['reason']),
    reports: counter(
      'dbt_jobs_ingestion_reports_total',
      'Reports to the control plane, by what became of them',
      ['result'],
    ),
    waiting: gauge(
      'dbt_jobs_ingestion_waiting_runs',
      'Runs of which the control plane has not taken all',
      [],
    ),
  };
}

/** Every known status, so that none keeps the number of an earlier run; nothing where dbt told of no node. */
function nodeCounts(counts: Readonly<Record<string, number>> | undefined): Map<string, number> {
  if (counts === undefined) return new Map();
  const all = new Map([...nodeStatuses, 'other'].map((status) => [status, 0]));
  for (const [status, count] of Object.entries(counts)) {
    const key = all.has(status) ? status : 'other';
    all.set(key, (all.get(key) ?? 0) + count);
  }
  return all;
}
