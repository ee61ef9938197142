import { isDeepStrictEqual } from 'node:util';
import { readyCondition } from './decide/ready.ts';
import type { KubeClient } from './kube/client.ts';
import type { LimitRange, ResourceQuota } from './kube/limits.ts';
import { changeStatus, readProject } from './project-status.ts';

export interface ReadyShell {
  readonly client: KubeClient;
  now(): number;
  limitRanges(namespace: string): readonly LimitRange[];
  quotas(namespace: string): readonly ResourceQuota[];
}

/** Writes condition Ready (C10) where it says something else than before. */
export async function reconcileReady(shell: ReadyShell, namespace: string, name: string): Promise<void> {
  const project = await readProject(shell.client, namespace, name);
  if (project === undefined || project.metadata.deletionTimestamp !== undefined) return;
  await changeStatus(shell.client, project, (current) => {
    const now = new Date(shell.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const ready = readyCondition(current, shell.limitRanges(namespace), shell.quotas(namespace), now);
    const { conditions } = current.status;
    const { generation } = current.metadata;
    const before = conditions.find((condition) => condition.type === 'Ready');
    if (isDeepStrictEqual(before, ready) && current.status.observedGeneration === generation)
      return undefined;
    return {
      conditions: [...conditions.filter((condition) => condition.type !== 'Ready'), ready],
      ...(generation !== undefined && { observedGeneration: generation }),
    };
  });
}
