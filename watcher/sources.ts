import { apiVersion, labels, plural } from '../contract/names.ts';
import { type DbtProject, parseDbtProject } from '../contract/dbt-project.ts';
import { type CronJob, keepCronJob } from './kube/cron-job.ts';
import { type Job, keepRunJob } from './kube/job.ts';
import { type LimitRange, parseLimitRange, parseResourceQuota, type ResourceQuota } from './kube/limits.ts';
import { parsePod, type Pod } from './kube/pod.ts';
import type { WatchSource } from './watch.ts';

export interface Sources {
  readonly jobs: WatchSource<Job>;
  readonly pods: WatchSource<Pod>;
  readonly projects: WatchSource<DbtProject>;
  readonly cronJobs: WatchSource<CronJob>;
  readonly limitRanges: WatchSource<LimitRange>;
  readonly quotas: WatchSource<ResourceQuota>;
}

/** What is watched: in one namespace, or in all of them. */
export function sourcesOf(namespace: string | undefined): Sources {
  const at = (api: string, resource: string) =>
    namespace === undefined ? `${api}/${resource}` : `${api}/namespaces/${namespace}/${resource}`;
  return {
    // No selector: where Job admission was not reached, only the pod template has the label.
    jobs: { resource: 'jobs', path: at('/apis/batch/v1', 'jobs'), keep: keepRunJob },
    pods: {
      resource: 'pods',
      path: at('/api/v1', 'pods'),
      query: { labelSelector: labels.project },
      keep: parsePod,
    },
    projects: { resource: plural, path: at(`/apis/${apiVersion}`, plural), keep: parseDbtProject },
    cronJobs: { resource: 'cronjobs', path: at('/apis/batch/v1', 'cronjobs'), keep: keepCronJob },
    limitRanges: { resource: 'limitranges', path: at('/api/v1', 'limitranges'), keep: parseLimitRange },
    quotas: { resource: 'resourcequotas', path: at('/api/v1', 'resourcequotas'), keep: parseResourceQuota },
  };
}
