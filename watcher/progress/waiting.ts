import { containers } from '../../contract/names.ts';
import { dbtStarted, decidingAttempt, isOver, type RunFacts } from '../decide/run-facts.ts';
import { startCause, waitedForNode } from '../decide/start-cause.ts';
import { hasEnded, type Pod, statusOf } from '../kube/pod.ts';

const work: Readonly<Record<string, string>> = {
  [containers.gitSync]: 'git-sync fetches the commit',
  [containers.packages]: 'packages are made ready',
};

/** Why dbt has not started in the newest attempt, in words; undefined once it has, and when the run is over. */
export function waitingFor(facts: RunFacts): string | undefined {
  if (isOver(facts)) return undefined;
  const { run } = facts;
  const pod = decidingAttempt(facts);
  const open = pod !== undefined && !hasEnded(pod) ? pod : undefined;
  if (open !== undefined && dbtStarted(open)) return undefined;
  if (run.kind === 'Job' && run.spec.suspend === true) return 'the Job is suspended';
  const cause = startCause(facts) ?? waitedForNode(open);
  if (cause !== undefined) return cause.message;
  if (open === undefined)
    return pod === undefined ? 'the pod is to be made' : 'the next attempt is to be made';
  return initWork(open) ?? podWords(open);
}

/** The init container at work, or the one that is to be started next. */
function initWork(pod: Pod): string | undefined {
  const ordinary = pod.spec.initContainers.filter(({ restartPolicy }) => restartPolicy !== 'Always');
  for (const { name } of ordinary) {
    const state = statusOf(pod, name)?.state;
    if (state?.running) return work[name] ?? `init container "${name}" is at work`;
    if (state?.waiting?.reason === 'CrashLoopBackOff') return `init container "${name}" is tried again`;
    if (!state?.terminated) return undefined;
  }
  return undefined;
}

function podWords(pod: Pod): string {
  return pod.spec.nodeName ? 'the node prepares images and volumes' : 'a node is to be chosen';
}
