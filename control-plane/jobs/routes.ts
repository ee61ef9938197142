import { z } from 'zod';
import { json, nothing, type OrganizationContext, route, type Route } from '../api/route.ts';
import { readProject } from '../projects/read-project.ts';
import { changedJob, job, newJob } from '../wire/job.ts';
import type { Job } from './cron-job.ts';
import { changeJob, createJob, deleteJob, listJobs, readJob } from './jobs.ts';
import { wireJob } from './wire-job.ts';

const path = '/organizations/:org/projects/:project/jobs';
/** For the row of marks beside a job. */
const shownRuns = 20;

const cronJobs = { group: 'batch', resource: 'cronjobs' } as const;

interface Place {
  readonly org: string;
  readonly project: string;
}

function shellOf({ org, project }: Place, { kube, asUser }: OrganizationContext) {
  return { kube, asUser, namespace: org, project };
}

/** Without the history, where that is away, a job is still to be seen and changed. */
async function told(jobs: readonly Job[], { org, project }: Place, context: OrganizationContext) {
  const { store, log } = context;
  const names = jobs.map(({ object }) => object.metadata.name);
  const runs = await store.runs.lastOfJobs(org, project, names, shownRuns).catch((err: unknown) => {
    log.warn({ err, namespace: org, project }, 'Could not read the last runs of jobs');
    return new Map<string, never>();
  });
  return jobs.map((one) => wireJob(one, runs.get(one.object.metadata.name) ?? [], context.now()));
}

async function toldOne(one: Job, place: Place, context: OrganizationContext) {
  const [wire] = await told([one], place, context);
  if (wire === undefined) throw new Error('a job was told as none');
  return wire;
}

const list = route({
  method: 'get',
  path,
  summary: 'The jobs of a project: CronJobs whose pods carry its label, whoever wrote them.',
  access: [{ verb: 'list', ...cronJobs }],
  answer: json(z.array(job)),
  async handle({ params }, context) {
    return told(await listJobs(shellOf(params, context)), params, context);
  },
});

const create = route({
  method: 'post',
  path,
  summary: 'Creates a job: a CronJob in the namespace of the organization.',
  access: [{ verb: 'create', ...cronJobs }],
  action: 'job.create',
  body: newJob,
  answer: json(job, 201),
  async handle({ params, body }, context) {
    await readProject(context.kube, params.org, params.project);
    const made = await createJob(shellOf(params, context), body);
    context.wrote(`CronJob/${body.name}`);
    return toldOne(made, params, context);
  },
});

const read = route({
  method: 'get',
  path: `${path}/:job`,
  summary: 'A job, with its settings where they say all that its CronJob says.',
  access: [{ verb: 'get', ...cronJobs, name: ':job' }],
  answer: json(job),
  async handle({ params }, context) {
    return toldOne(await readJob(shellOf(params, context), params.job), params, context);
  },
});

const change = route({
  method: 'put',
  path: `${path}/:job`,
  summary:
    'Changes a job, unless somebody else has since it was read; what the settings do not name stays as it is.',
  access: [{ verb: 'update', ...cronJobs, name: ':job' }],
  action: 'job.change',
  body: changedJob,
  answer: json(job),
  async handle({ params, body }, context) {
    const changed = await changeJob(shellOf(params, context), params.job, body);
    context.wrote(`CronJob/${params.job}`);
    return toldOne(changed, params, context);
  },
});

const remove = route({
  method: 'delete',
  path: `${path}/:job`,
  summary: 'Deletes a job and the runs that Kubernetes still has; their history stays.',
  access: [{ verb: 'delete', ...cronJobs, name: ':job' }],
  action: 'job.delete',
  answer: nothing,
  async handle({ params }, context) {
    await deleteJob(shellOf(params, context), params.job);
    context.wrote(`CronJob/${params.job}`);
    return undefined;
  },
});

export const jobRoutes: readonly Route[] = [list, create, read, change, remove];
