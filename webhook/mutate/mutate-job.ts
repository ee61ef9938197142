import type { DbtProject } from '../../contract/dbt-project.ts';
import { labels, ttlFloorSeconds } from '../../contract/names.ts';
import { problems } from '../../contract/problems.ts';
import { mark } from './mark.ts';
import type { Job } from './pod.ts';
import { projectLabel } from './select.ts';

/** The Job as it is to be, and the problems that kept it from being changed. */
export interface MutatedJob {
  readonly job: Job;
  readonly problems: readonly string[];
}

/**
 * Every attempt of a run runs one plan, a run ends, and the watcher sees its end; the mark says that the project is known. The Job given is never changed.
 *
 * Sets: spec.template.metadata.labels["dbt-jobs.io/plan"], spec.activeDeadlineSeconds, spec.ttlSecondsAfterFinished,
 *   metadata.labels["dbt-jobs.io/project"], metadata.annotations["dbt-jobs.io/project-uid"].
 * Leaves alone when: the template has no project label; the project is unknown; the Job names another project than its
 *   template. Each field: when it is set; the TTL: when it is absent or long enough; the plan: when none is in force.
 * Clause: C20.
 */
export function mutateJob(job: Job, project: DbtProject | undefined): MutatedJob {
  const asked = projectLabel(job.spec.template.metadata);
  if (asked === undefined) return { job, problems: [] };
  if (project === undefined) return { job, problems: [problems.unknownProject()] };
  const own = projectLabel(job.metadata);
  if (own !== undefined && own !== asked) {
    return { job, problems: [problems.projectLabelDiffers(own, asked)] };
  }
  const labelled = {
    ...job,
    metadata: { ...job.metadata, labels: { ...job.metadata?.labels, [labels.project]: asked } },
  };
  return { job: mark(stampPlan(withDeadlines(labelled, project), project), project), problems: [] };
}

function withDeadlines(job: Job, project: DbtProject): Job {
  const { activeDeadlineSeconds = project.spec.timeoutSeconds, ttlSecondsAfterFinished } = job.spec;
  const ttl =
    ttlSecondsAfterFinished === undefined
      ? {}
      : { ttlSecondsAfterFinished: Math.max(ttlSecondsAfterFinished, ttlFloorSeconds) };
  return { ...job, spec: { ...job.spec, activeDeadlineSeconds, ...ttl } };
}

function stampPlan(job: Job, project: DbtProject): Job {
  const inForce = project.status.plan;
  const { template } = job.spec;
  const { [labels.plan]: own = '' } = template.metadata?.labels ?? {};
  if (inForce === undefined || own !== '') return job;
  const metadata = {
    ...template.metadata,
    labels: { ...template.metadata?.labels, [labels.plan]: inForce },
  };
  return { ...job, spec: { ...job.spec, template: { ...template, metadata } } };
}
