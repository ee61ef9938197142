import { endOf, type Job } from './kube/job.ts';
import { dbtContainerOf, endOfContainer, type Pod, statusOf } from './kube/pod.ts';

/** When a run began and ended, in seconds since the epoch; 0 where it does not say. */
export function runTimes(run: Job | Pod): { startedAt: number; finishedAt: number } {
  const seconds = (text: string | null | undefined) => (text ? Date.parse(text) / 1000 || 0 : 0);
  const ended =
    run.kind === 'Job'
      ? (run.status.completionTime ?? endOf(run)?.lastTransitionTime)
      : endOfContainer(statusOf(run, dbtContainerOf(run)))?.finishedAt;
  return { startedAt: seconds(run.status.startTime), finishedAt: seconds(ended) };
}
