import type { DbtProject } from '../../contract/dbt-project.ts';
import { mark } from './mark.ts';
import type { CronJob } from './pod.ts';
import { projectLabel } from './select.ts';

/**
 * The mark says that the project is known: without it the backstop warns the person who creates the CronJob. Everything
 * else is for its Jobs.
 *
 * Sets: metadata.annotations["dbt-jobs.io/project-uid"].
 * Leaves alone when: the pod template has no project label; the project is unknown.
 * Clause: C20.
 */
export function mutateCronJob(cronJob: CronJob, project: DbtProject | undefined): CronJob {
  const asked = projectLabel(cronJob.spec.jobTemplate.spec.template.metadata);
  return asked === undefined || project === undefined ? cronJob : mark(cronJob, project);
}
