import { z } from 'zod';
import type { DbtProject } from '../../contract/dbt-project.ts';
import { json, type OrganizationContext, type Requirement, route, type Route } from '../api/route.ts';
import { listAllJobs } from '../jobs/jobs.ts';
import type { Job } from '../jobs/cron-job.ts';
import { wireJob } from '../jobs/wire-job.ts';
import { project, projectConfiguration, type WireProject } from '../wire/project.ts';
import { listProjects, readProject } from './read-project.ts';
import { samplePod } from './sample-pod.ts';
import { wireCondition, wireProject } from './wire-project.ts';

const path = '/organizations/:org/projects';
const one = `${path}/:project` as const;

/** A project is told with its jobs and its last run. */
const toList: Requirement = { verb: 'list', group: 'batch', resource: 'cronjobs' };
const toListRuns: Requirement = { verb: 'list', group: 'batch', resource: 'jobs' };
const dbtProjects = { group: 'dbt-jobs.io', resource: 'dbtprojects' } as const;

/** A run at work, one more of an overlap, and the last that ended. */
const runsOfJob = 3;

const list = route({
  method: 'get',
  path,
  summary: 'The projects of an organization, each with its plan in force, its last run and its next.',
  access: [{ verb: 'list', ...dbtProjects }, toList, toListRuns],
  answer: json(z.array(project)),
  async handle({ params }, context) {
    const [projects, jobs] = await Promise.all([
      listProjects(context.kube, params.org),
      listAllJobs(context.kube, params.org),
    ]);
    return Promise.all(projects.map((each) => toldProject(context, each, jobs)));
  },
});

const read = route({
  method: 'get',
  path: one,
  summary: 'A project.',
  access: [{ verb: 'get', ...dbtProjects, name: ':project' }, toList, toListRuns],
  answer: json(project),
  async handle({ params }, context) {
    const [found, jobs] = await Promise.all([
      readProject(context.kube, params.org, params.project),
      listAllJobs(context.kube, params.org),
    ]);
    return toldProject(context, found.project, jobs);
  },
});

const configuration = route({
  method: 'get',
  path: `${one}/configuration`,
  summary: 'What is set for a project, its conditions, and a pod before and after admission.',
  access: [{ verb: 'get', ...dbtProjects, name: ':project' }],
  answer: json(projectConfiguration),
  async handle({ params }, { kube, asUser }) {
    const found = await readProject(kube, params.org, params.project);
    const { spec } = withSpec.parse(found.object);
    return {
      spec,
      conditions: found.project.status.conditions.map(wireCondition),
      pod: await samplePod(asUser, params.org, params.project),
    };
  },
});

const withSpec = z.object({ spec: z.record(z.string(), z.unknown()) });

export const projectRoutes: readonly Route[] = [list, read, configuration];

/** Without the history, where that is away, a project is still to be seen. */
async function toldProject(
  context: OrganizationContext,
  found: DbtProject,
  jobs: readonly Job[],
): Promise<WireProject> {
  const { store, log, now } = context;
  const { namespace, name } = found.metadata;
  const own = jobs.filter((job) => job.project === name);
  const history = Promise.all([
    store.runs.lastOfJobs(namespace, name, own.map(nameOf), runsOfJob),
    store.runs.list(namespace, name, { phase: 'ended', limit: 1 }),
  ]);
  const [runs, last] = await history.catch((err: unknown) => {
    log.warn({ err, namespace, project: name }, 'Could not read the last runs of a project');
    return [new Map<string, never>(), { runs: [] }] as const;
  });
  return wireProject({
    project: found,
    jobs: own.map((job) => wireJob(job, runs.get(nameOf(job)) ?? [], now())),
    lastRun: last.runs[0],
  });
}

function nameOf({ object }: Job): string {
  return object.metadata.name;
}
