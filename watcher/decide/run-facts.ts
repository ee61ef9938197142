import type { DbtLog } from '../dbt/log.ts';
import type { KubeEvent } from '../kube/event.ts';
import { endOf, type Job } from '../kube/job.ts';
import { dbtContainerOf, endOfContainer, hasEnded, hasStarted, type Pod, statusOf } from '../kube/pod.ts';

/** Everything a verdict may rest on, as plain data. */
export interface RunFacts {
  /** The Job, or the bare Pod. */
  readonly run: Job | Pod;
  /** The run was deleted. */
  readonly gone: boolean;
  /** The run's pods; for a bare Pod, itself. Deleted ones as they were seen last. */
  readonly attempts: readonly Pod[];
  /** Events about the run and its pods. */
  readonly events: readonly KubeEvent[];
  /** What the dbt container of the deciding attempt printed. */
  readonly dbtLog?: DbtLog;
  /** Last words of the init container that failed. */
  readonly initLog?: string;
}

/** The attempt that decides: the newest. Kubernetes makes another only when the one before is over. */
export function decidingAttempt(facts: RunFacts): Pod | undefined {
  return facts.attempts.toSorted(byCreation).at(-1);
}

function byCreation(a: Pod, b: Pod): number {
  const when = Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp);
  return when === 0 ? (a.metadata.name < b.metadata.name ? -1 : 1) : when;
}

/** Whether nothing more will come of the run. */
export function isOver(facts: RunFacts): boolean {
  if (facts.gone) return true;
  return facts.run.kind === 'Job' ? endOf(facts.run) !== undefined : hasEnded(facts.run);
}

/** Whether dbt has run in the attempt, for however short a time. */
export function dbtStarted(pod: Pod): boolean {
  return hasStarted(statusOf(pod, dbtContainerOf(pod)));
}

/** The first init container that ended otherwise than with 0; restartable ones are sidecars and decide nothing. */
export function failedInitContainer(pod: Pod): string | undefined {
  const sidecars = new Set(
    pod.spec.initContainers.filter((entry) => entry.restartPolicy === 'Always').map((entry) => entry.name),
  );
  return pod.status.initContainerStatuses.find(
    (status) => !sidecars.has(status.name) && (endOfContainer(status)?.exitCode ?? 0) !== 0,
  )?.name;
}
