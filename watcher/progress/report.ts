import type { ProgressReport } from '../../contract/ingestion.ts';
import { annotations, containers } from '../../contract/names.ts';
import { decidingAttempt, isOver, type RunFacts } from '../decide/run-facts.ts';
import { instant } from '../instant.ts';
import { endOf, type Job } from '../kube/job.ts';
import { dbtContainerOf, endOfContainer, hasStarted, type Pod, statusOf } from '../kube/pod.ts';
import { redactWords } from '../report/redact.ts';
import { messageBytes, shownText } from '../report/shown.ts';
import { runRef } from '../run-report.ts';
import { attemptOf } from './attempt.ts';
import { triggerOf } from './trigger.ts';
import { waitingFor } from './waiting.ts';

const cancellerBytes = 256;

/** What is known of the run at `now`, in milliseconds since the epoch. */
export function progressReport(facts: RunFacts, now: number): ProgressReport {
  const { run } = facts;
  const startedAt = instant(run.status.startTime);
  const endedAt = instant(endTime(run));
  const by = run.metadata.annotations[annotations.cancelledBy];
  const waits = waitingFor(facts);
  return {
    kind: 'progress',
    run: runRef(run),
    observedAt: new Date(now).toISOString(),
    phase: phaseOf(facts),
    trigger: triggerOf(run),
    createdAt: instant(run.metadata.creationTimestamp) ?? new Date(0).toISOString(),
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...work(facts),
    attempts: facts.attempts.map(attemptOf),
    ...(waits !== undefined && { waitingFor: shownText(waits, messageBytes) }),
    ...(by !== undefined && { cancelledBy: shownText(by, cancellerBytes) }),
  };
}

/** What is run, and of what: the pod knows better than the template that it was made from. */
function work(facts: RunFacts): Pick<ProgressReport, 'command' | 'image' | 'commit'> {
  const pod = decidingAttempt(facts);
  const dbt = pod?.spec.containers.find(({ name }) => name === dbtContainerOf(pod));
  const commit = pod?.spec.initContainers.find(({ name }) => name === containers.gitSync)?.ref;
  const template = facts.run.kind === 'Job' ? facts.run.spec.template.words : [];
  return {
    command: redactWords(dbt?.words ?? template),
    ...(dbt?.image && { image: dbt.image }),
    ...(commit !== undefined && { commit }),
  };
}

function phaseOf(facts: RunFacts): ProgressReport['phase'] {
  if (isOver(facts)) return 'ended';
  const running = facts.attempts.some((pod) => hasStarted(statusOf(pod, dbtContainerOf(pod))));
  return running ? 'running' : 'pending';
}

function endTime(run: Job | Pod): string | null | undefined {
  if (run.kind === 'Job') return run.status.completionTime ?? endOf(run)?.lastTransitionTime;
  return endOfContainer(statusOf(run, dbtContainerOf(run)))?.finishedAt;
}
