import { labels } from '../contract/names.ts';
import type { WatchEvent } from './cache.ts';
import { createDelivery, type Delivery } from './ingest/delivery.ts';
import type { Job } from './kube/job.ts';
import type { Pod } from './kube/pod.ts';
import { createLogs, type Logs } from './logs/logs.ts';
import { createRefusals } from './refusals.ts';
import { createRunIndex, type RunIndex } from './run-index.ts';
import { projectOf, runRef } from './run-report.ts';
import { reconcileRun, type RunsShell } from './runs.ts';
import type { Parts } from './watcher.ts';

/** The default of the CRD, for a run whose project does not exist. */
const defaultStartTimeoutSeconds = 900;

/** Follows every run; settles when nothing of it is under way any more. */
export function watchRuns(
  parts: Parts,
  onPlanJob: (namespace: string, project: string) => void,
): { stop(): Promise<void> } {
  const { sources, watches } = parts;
  const index = createRunIndex();
  const stopping = new AbortController();
  const delivery = deliver(parts, index, (uid) => runs.addFirst(uid));
  const logs = followLogs(parts, index, delivery, (uid) => runs.addFirst(uid));
  const shell = shellOf(parts, index, logs, delivery);
  const needed = [sources.jobs, sources.pods, sources.projects, sources.cronJobs];
  const runs = parts.queue('runs', needed, (uid) => reconcileRun(shell, uid));
  // News of a run that is known go before the backlog of a start.
  const look = (type: WatchEvent<Job>['type'], uid: string | undefined) => {
    if (uid === undefined) return undefined;
    if (type === 'added') runs.add(uid);
    else runs.addFirst(uid);
    return index.get(uid)?.run;
  };
  watches.start(sources.pods, (event) => look(event.type, index.onPod(event)));
  watches.start(sources.jobs, (event) => {
    const run = look(event.type, index.onJob(event));
    if (run?.metadata.labels[labels.plan] !== undefined) onPlanJob(run.metadata.namespace, projectOf(run));
  });
  const sending = delivery?.run(stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await Promise.all([logs.stop(), sending]);
    },
  };
}

function shellOf(
  { shell, metrics, projects, cronJobs, alerts }: Parts,
  index: RunIndex,
  logs: Logs,
  delivery: Delivery | undefined,
): RunsShell {
  return {
    ...shell,
    index,
    logs,
    delivery,
    refusals: createRefusals(() => metrics.onRefused()),
    startTimeoutSeconds: (namespace, project) =>
      projects.byName(namespace, project)?.spec.startTimeoutSeconds ?? defaultStartTimeoutSeconds,
    isReplaced({ metadata }: Job | Pod) {
      const owner = metadata.ownerReferences.find(({ kind }) => kind === 'CronJob');
      return owner !== undefined && cronJobs.byName(metadata.namespace, owner.name)?.replaces === true;
    },
    onReported(run, outcome) {
      metrics.onRunReported(run, projectOf(run), outcome);
      alerts.consider(run, outcome);
    },
    onKnown(run, outcome) {
      metrics.onRunKnown(run, projectOf(run), outcome);
      alerts.consider(run, outcome);
    },
    async discard(uid) {
      index.forget(uid);
      logs.forget(uid);
      delivery?.forget(uid);
      if (shell.spool.logsOf(uid).length === 0) return;
      await shell.spool.remove(uid);
      metrics.onSpooled(shell.spool.size());
    },
  };
}

function followLogs(
  { shell, metrics }: Parts,
  index: RunIndex,
  delivery: Delivery | undefined,
  onWhole: (uid: string) => void,
): Logs {
  return createLogs({
    ...shell,
    onWhole,
    known: (uid) => index.get(uid),
    onSpooled(uid, log) {
      const known = index.get(uid);
      metrics.onSpooled(shell.spool.size());
      if (known !== undefined) delivery?.log(runRef(known.run), log);
    },
    onHeard(uid, source) {
      const known = index.get(uid);
      if (known !== undefined) delivery?.nodes(runRef(known.run), source);
    },
    onGap: (reason) => metrics.onLogGap(reason),
    onTrouble: ({ namespace, pod, container }, err) =>
      shell.log.warn({ namespace, pod, container, err }, 'Reading of a log broke off'),
  });
}

/** Undefined where there is no control plane. */
function deliver(
  { shell, metrics }: Parts,
  index: RunIndex,
  onDelivered: (uid: string) => void,
): Delivery | undefined {
  if (shell.controlPlane === undefined) return undefined;
  const delivery = createDelivery({
    ...shell,
    ...shell.controlPlane,
    sentBy: shell.reportingInstance,
    onDelivered(uid) {
      metrics.onDeliveryWaiting(delivery.waiting());
      // A run that has gone, or was told in another life of this process, is known by its files alone.
      onDelivered(uid);
    },
    onSent: (reports) => metrics.onReportsSent('accepted', reports),
    onRejected({ kind, run }, message) {
      metrics.onReportsSent('rejected', 1);
      shell.log.error({ kind, uid: run.uid, message }, 'The control plane rejected a report');
    },
    onTrouble(err) {
      metrics.onReportsSent('failed', 1);
      metrics.onDeliveryWaiting(delivery.waiting());
      shell.log.warn({ err }, 'The control plane did not take a batch; sending it again');
    },
  });
  return delivery;
}
