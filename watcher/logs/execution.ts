import { containers } from '../../contract/names.ts';
import { dbtContainerOf, endOfContainer, hasEnded, hasStarted, type Pod, statusOf } from '../kube/pod.ts';
import type { ExecutionState } from './tail.ts';

/** An execution of a container whose log is told: of dbt, and of the init containers that the engines inject. */
export interface Execution {
  readonly container: string;
  readonly execution: number;
}

/** Those that have begun; of a container that was restarted, the last two: the node keeps no more. */
export function executionsOf(pod: Pod): Execution[] {
  const names = [containers.gitSync, containers.packages, dbtContainerOf(pod)];
  return names.flatMap((container) => {
    const status = statusOf(pod, container);
    if (container === undefined || status === undefined || !hasStarted(status)) return [];
    const latest = status.restartCount ?? 0;
    return latest === 0
      ? [{ container, execution: 0 }]
      : [
          { container, execution: latest - 1 },
          { container, execution: latest },
        ];
  });
}

export function executionState(
  known: { readonly pod: Pod; readonly gone: boolean } | undefined,
  { container, execution }: Execution,
): ExecutionState {
  if (known === undefined || known.gone) return 'gone';
  const status = statusOf(known.pod, container);
  const latest = status?.restartCount ?? 0;
  if (latest > execution) return latest === execution + 1 ? 'previous' : 'gone';
  const ended = status?.state?.running ? undefined : endOfContainer(status);
  return ended !== undefined || hasEnded(known.pod) ? 'ended' : 'running';
}
