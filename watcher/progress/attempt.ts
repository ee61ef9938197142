import type { ProgressReport } from '../../contract/ingestion.ts';
import { containers } from '../../contract/names.ts';
import { instant } from '../instant.ts';
import { type ContainerStatus, dbtContainerOf, endOfContainer, type Pod, statusOf } from '../kube/pod.ts';

type Attempt = ProgressReport['attempts'][number];
type Span = NonNullable<Attempt['dbt']>;

export function attemptOf(pod: Pod): Attempt {
  const { uid, name, creationTimestamp } = pod.metadata;
  const startedAt = instant(pod.status.startTime);
  const dbtStatus = statusOf(pod, dbtContainerOf(pod));
  const [clone, dbt] = [cloneSpan(pod), spanOf(dbtStatus)];
  const exitCode = dbtStatus?.state?.running ? undefined : endOfContainer(dbtStatus)?.exitCode;
  return {
    uid,
    name,
    phase: pod.status.phase ?? 'Unknown',
    ...(pod.spec.nodeName && { node: pod.spec.nodeName }),
    createdAt: instant(creationTimestamp) ?? new Date(0).toISOString(),
    ...(startedAt !== undefined && { startedAt }),
    ...(clone && { clone }),
    ...(dbt && { dbt }),
    ...(exitCode !== undefined && { exitCode }),
  };
}

/** Of a container's last execution; undefined while there is none. */
function spanOf(status: ContainerStatus | undefined): Span | undefined {
  const running = status?.state?.running;
  const ended = running ? undefined : endOfContainer(status);
  const startedAt = instant((running ?? ended)?.startedAt);
  const endedAt = instant(ended?.finishedAt);
  return startedAt === undefined ? undefined : { startedAt, ...(endedAt !== undefined && { endedAt }) };
}

/** From the start of git-sync to the end of packages, or to that of the one which failed. */
function cloneSpan(pod: Pod): Span | undefined {
  const names = [containers.gitSync, containers.packages].filter((name) =>
    pod.spec.initContainers.some((container) => container.name === name),
  );
  const first = spanOf(statusOf(pod, names[0]));
  if (first === undefined) return undefined;
  const statuses = names.map((name) => statusOf(pod, name));
  const failed = statuses.find((status) => (status?.state?.terminated?.exitCode ?? 0) !== 0);
  const endedAt = spanOf(failed ?? statuses.at(-1))?.endedAt;
  return { startedAt: first.startedAt, ...(endedAt !== undefined && { endedAt }) };
}
