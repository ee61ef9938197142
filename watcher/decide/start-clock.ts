import { endOf, type Job } from '../kube/job.ts';
import { endOfContainer, hasEnded, type Pod } from '../kube/pod.ts';
import { dbtStarted, decidingAttempt, type RunFacts } from './run-facts.ts';

/**
 * Since when dbt could have started, in milliseconds since the epoch; undefined while the clock stands:
 *  1. the run is over, gone or suspended;
 *  2. dbt runs in the newest attempt: it has started;
 *  3. the newest attempt has no node yet: waiting for nodes does not count;
 *  4. the Job's controller has not begun (a Job that is resumed gets a new startTime).
 */
export function startClock(facts: RunFacts): number | undefined {
  const { run } = facts;
  if (facts.gone || run.metadata.deletionTimestamp) return undefined;
  if (run.kind === 'Job' && (run.spec.suspend === true || endOf(run) !== undefined)) return undefined;
  const pod = decidingAttempt(facts);
  if (pod !== undefined && !hasEnded(pod)) return dbtStarted(pod) ? undefined : scheduledAt(pod);
  return run.kind === 'Job' ? betweenAttempts(run, pod) : undefined;
}

function scheduledAt(pod: Pod): number | undefined {
  const scheduled = pod.status.conditions.find(
    (condition) => condition.type === 'PodScheduled' && condition.status === 'True',
  );
  return instant(scheduled?.lastTransitionTime);
}

/** No pod is there: since the Job started, or since the last attempt that is known ended. */
function betweenAttempts(job: Job, last: Pod | undefined): number | undefined {
  const started = instant(job.status.startTime);
  if (last === undefined) return (job.status.failed ?? 0) > 0 ? undefined : started;
  const ends = last.status.containerStatuses.flatMap(
    (status) => instant(endOfContainer(status)?.finishedAt) ?? [],
  );
  return ends.length === 0 ? undefined : Math.max(started ?? 0, ...ends);
}

function instant(text: string | null | undefined): number | undefined {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
