import { conflict, notFound, Refusal, type FieldError, invalid } from '../api/refusal.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { listAll } from '../kube/list-all.ts';
import { isRecord, mergePatch } from '../kube/merge-patch.ts';
import { objectPath } from '../kube/path.ts';
import type { ChangedJob, JobSettings, NewJob } from '../wire/job.ts';
import { changePatch } from './change-patch.ts';
import { changedFields } from './changed-fields.ts';
import { type CronJob, type Job, parseJob, versionOf } from './cron-job.ts';
import { newCronJob } from './manifest.ts';
import { readSettings } from './read-settings.ts';
import { settingsProblems } from './settings-problems.ts';
import { readOnlyOf } from './wire-job.ts';

export interface JobsShell {
  /** Reads. */
  readonly kube: KubeClient;
  /** Writes. */
  readonly asUser: KubeClient;
  readonly namespace: string;
  readonly project: string;
}

const query = { fieldManager: 'dbt-jobs-control-plane' };
/** The controller writes the status of a CronJob at each run: a few rounds are enough. */
const rounds = 8;

/** The jobs of a project, by name. Throws KubeError. */
export async function listJobs({
  kube,
  namespace,
  project,
}: Omit<JobsShell, 'asUser'>): Promise<readonly Job[]> {
  return (await listAllJobs(kube, namespace)).filter((job) => job.project === project);
}

/** The jobs of an organization, by name. Throws KubeError. */
export async function listAllJobs(kube: KubeClient, namespace: string): Promise<readonly Job[]> {
  const items = await listAll(kube, objectPath('cronjobs', namespace));
  return items
    .flatMap((item) => parseJob(item) ?? [])
    .toSorted((a, b) => a.object.metadata.name.localeCompare(b.object.metadata.name));
}

/** Throws a Refusal of 404 for what is no job of this project, and KubeError. */
export async function readJob(
  { kube, namespace, project }: Omit<JobsShell, 'asUser'>,
  name: string,
): Promise<Job> {
  const job = await findJob(kube, namespace, name);
  if (job?.project !== project) throw notFound(`Job ${name} of ${project}`);
  return job;
}

/** Whatever its project; undefined where there is none. Throws KubeError. */
export async function findJob(kube: KubeClient, namespace: string, name: string): Promise<Job | undefined> {
  try {
    return parseJob(await kube.request({ path: objectPath('cronjobs', namespace, name) }));
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

/** Throws a Refusal where the settings are wrong or the name is taken, and KubeError. */
export async function createJob(shell: JobsShell, { name, settings }: NewJob): Promise<Job> {
  const { asUser, namespace, project } = shell;
  check(settings);
  try {
    const body = newCronJob({ namespace, name, project, settings });
    const made = await asUser.request({
      method: 'POST',
      path: objectPath('cronjobs', namespace),
      query,
      body,
    });
    return jobOf(made);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 409) throw error;
    throw new Refusal({
      status: 409,
      title: `There is a CronJob ${name} in ${namespace} already`,
      detail: 'Choose another name.',
      errors: [{ field: 'name', message: 'is taken: names are those of all CronJobs of the organization' }],
    });
  }
}

/** Throws a Refusal where the settings are wrong, or somebody else has changed the job since, and KubeError. */
export async function changeJob(
  shell: JobsShell,
  name: string,
  { settings, resourceVersion }: ChangedJob,
): Promise<Job> {
  const { asUser, namespace } = shell;
  check(settings);
  for (let round = 1; ; round++) {
    const { object } = await readJob(shell, name);
    const now = changeable(object);
    const theirs = versionOf(object) === resourceVersion ? [] : changedFields(now, settings);
    if (theirs.length > 0) throw changedMeanwhile(name, theirs);
    try {
      const path = objectPath('cronjobs', namespace, name);
      const body = changed(object, settings);
      return jobOf(await asUser.request({ method: 'PUT', path, query, body }));
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 409) || round === rounds) throw error;
    }
  }
}

/** Its runs go with it; their history stays. Throws a Refusal where it is kept elsewhere, and KubeError. */
export async function deleteJob(shell: JobsShell, name: string): Promise<void> {
  const { object } = await readJob(shell, name);
  const { uid } = object.metadata;
  const readOnly = readOnlyOf(object, readSettings(object));
  if (readOnly?.by !== undefined) throw keptElsewhere(name, readOnly.reason);
  const body = { propagationPolicy: 'Background', preconditions: { uid } };
  await shell.asUser.request({ method: 'DELETE', path: objectPath('cronjobs', shell.namespace, name), body });
}

/** With the resourceVersion that it was read with. */
function changed(object: CronJob, settings: JobSettings): object {
  const made = mergePatch(object, changePatch(object, settings));
  if (!isRecord(made)) throw new Error('a change has made no object of a CronJob');
  return made;
}

function jobOf(value: unknown): Job {
  const job = parseJob(value);
  if (job === undefined) throw new Error('the API server answered with a CronJob that is no job');
  return job;
}

function check(settings: JobSettings): void {
  const problems = settingsProblems(settings);
  if (problems.length > 0) throw invalid(problems);
}

function changeable(object: CronJob): JobSettings {
  const settings = readSettings(object);
  const readOnly = readOnlyOf(object, settings);
  if (readOnly !== undefined || 'reasons' in settings) {
    throw keptElsewhere(object.metadata.name, readOnly?.reason ?? '');
  }
  return settings;
}

function keptElsewhere(name: string, reason: string): Refusal {
  return conflict(`${name} is not changed here`, `${reason}. Change it where it was written.`);
}

function changedMeanwhile(name: string, errors: readonly FieldError[]): Refusal {
  return new Refusal({
    status: 409,
    title: `Somebody else has changed ${name} since you opened it`,
    detail: 'Load it again, and make the change once more.',
    errors: [...errors],
  });
}
