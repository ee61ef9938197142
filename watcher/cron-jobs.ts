import type { CronJob } from './kube/cron-job.ts';
import type { KubeClient } from './kube/client.ts';
import { readProject } from './project-status.ts';
import { writeEvent } from './report/event.ts';
import { problems, shown } from '../contract/problems.ts';

export interface CronJobsShell {
  readonly client: KubeClient;
  readonly reportingInstance: string;
  now(): number;
}

/** An Event for a CronJob whose project does not exist: no policy can tell it (C21), and its pods would be denied at night. */
export async function warnOfUnknownProject(shell: CronJobsShell, cronJob: CronJob): Promise<void> {
  const { namespace, name, uid } = cronJob.metadata;
  if (await exists(shell.client, namespace, cronJob.project)) return;
  await writeEvent(
    shell.client,
    { apiVersion: 'batch/v1', kind: 'CronJob', namespace, name, uid },
    {
      type: 'Warning',
      reason: 'UnknownProject',
      action: 'Check',
      note: `DbtProject ${shown(cronJob.project)} in namespace "${namespace}": ${problems.unknownProject()}`,
      topic: `unknown-project/${cronJob.project}`,
    },
    new Date(shell.now()),
    shell.reportingInstance,
  );
}

/** A label may hold what no path may: such a project cannot exist. */
async function exists(client: KubeClient, namespace: string, project: string): Promise<boolean> {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(project)) return false;
  return (await readProject(client, namespace, project)) !== undefined;
}
