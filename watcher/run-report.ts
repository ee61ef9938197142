import { annotations, labels } from '../contract/names.ts';
import type { OutcomeReport, ProgressReport, RunRef } from '../contract/ingestion.ts';
import type { Outcome } from '../contract/outcome.ts';
import { isOver } from './decide/run-facts.ts';
import { knownFacts, type SeenRun } from './gather.ts';
import { endOf, type Job } from './kube/job.ts';
import { dbtContainerOf, endOfContainer, hasStarted, type Pod, statusOf } from './kube/pod.ts';
import { redact } from './report/redact.ts';
import { cut } from './report/shown.ts';

/** The project label of a run; of a Job, its pod template's (C1). */
export function projectOf(run: Job | Pod): string {
  return (
    (run.kind === 'Job' ? run.spec.template.metadata.project : run.metadata.labels[labels.project]) ?? ''
  );
}

export function runRef(run: Job | Pod): RunRef {
  const { uid, namespace, name, ownerReferences } = run.metadata;
  const cronJob = ownerReferences.find((owner) => owner.kind === 'CronJob')?.name;
  const job = run.metadata.labels[labels.job] ?? cronJob;
  const plan = run.metadata.labels[labels.plan];
  return {
    uid,
    kind: run.kind,
    namespace,
    name,
    project: projectOf(run),
    ...(job !== undefined && { job }),
    ...(plan !== undefined && { plan }),
  };
}

export function outcomeReport(run: Job | Pod, outcome: Outcome, now: number): OutcomeReport {
  const { dbt, ...verdict } = outcome;
  const failedNodes = dbt?.failedNodes.map((node) => ({ ...node })) ?? [];
  return {
    kind: 'outcome',
    run: runRef(run),
    decidedAt: new Date(now).toISOString(),
    outcome: { ...verdict, ...(dbt && { dbt: { ...dbt, failedNodes } }) },
  };
}

const cancellerBytes = 256;

export function progressReport(known: SeenRun, now: number): ProgressReport {
  const { run } = known;
  const startedAt = instant(run.status.startTime);
  const endedAt = instant(endTime(run));
  const by = run.metadata.annotations[annotations.cancelledBy];
  return {
    kind: 'progress',
    run: runRef(run),
    observedAt: new Date(now).toISOString(),
    phase: phaseOf(known),
    createdAt: instant(run.metadata.creationTimestamp) ?? new Date(0).toISOString(),
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    attempts: known.pods.map(({ pod }) => attemptOf(pod)),
    ...(by !== undefined && { cancelledBy: cut(redact(by), cancellerBytes) }),
  };
}

function phaseOf(known: SeenRun): ProgressReport['phase'] {
  if (isOver(knownFacts(known))) return 'ended';
  const running = known.pods.some(({ pod }) => hasStarted(statusOf(pod, dbtContainerOf(pod))));
  return running ? 'running' : 'pending';
}

function attemptOf(pod: Pod): ProgressReport['attempts'][number] {
  const startedAt = instant(pod.status.startTime);
  return {
    uid: pod.metadata.uid,
    name: pod.metadata.name,
    phase: pod.status.phase ?? 'Unknown',
    ...(pod.spec.nodeName && { node: pod.spec.nodeName }),
    ...(startedAt !== undefined && { startedAt }),
  };
}

function endTime(run: Job | Pod): string | null | undefined {
  if (run.kind === 'Job') return run.status.completionTime ?? endOf(run)?.lastTransitionTime;
  return endOfContainer(statusOf(run, dbtContainerOf(run)))?.finishedAt;
}

function instant(text: string | null | undefined): string | undefined {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
