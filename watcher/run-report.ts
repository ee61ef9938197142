import { labels } from '../contract/names.ts';
import type { OutcomeReport, RunRef } from '../contract/ingestion.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { Job } from './kube/job.ts';
import type { Pod } from './kube/pod.ts';

/** The project label of a run; of a Job, its pod template's (C1). */
export function projectOf(run: Job | Pod): string {
  return (
    (run.kind === 'Job' ? run.spec.template.metadata.project : run.metadata.labels[labels.project]) ?? ''
  );
}

export function runRef(run: Job | Pod): RunRef {
  const { uid, namespace, name, ownerReferences } = run.metadata;
  const cronJob = ownerReferences.find((owner) => owner.kind === 'CronJob')?.name;
  // What a pod is labelled with, a Job says in its template: there admission stamps the plan (C20).
  const ofPod = run.kind === 'Job' ? run.spec.template.metadata : undefined;
  const job = run.metadata.labels[labels.job] ?? ofPod?.job ?? cronJob;
  const plan = ofPod === undefined ? run.metadata.labels[labels.plan] : ofPod.plan;
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
