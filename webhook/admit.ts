import type { DbtProject } from '../contract/dbt-project.ts';
import { lookupFailed } from '../contract/problems.ts';
import type { AdmissionAnswer, AdmissionRequest } from './admission-review.ts';
import { allowed, denied, patched } from './admission-review.ts';
import { mutateCronJob } from './mutate/mutate-cron-job.ts';
import { mutateJob } from './mutate/mutate-job.ts';
import { mutatePod } from './mutate/mutate-pod.ts';
import { isProjectName, projectLabel } from './mutate/select.ts';
import type { ObjectMeta } from './mutate/pod.ts';
import type { Settings } from './mutate/settings.ts';
import { patch } from './patch.ts';
import { ProjectUnreadable } from './projects.ts';
import { isCronJob, isJob, isPod } from './workload.ts';

/** What became of a request; also the values of a metric's label, so the list is closed. */
export const admissionResults = [
  'injected',
  'unchanged',
  'problems',
  'unknown-project',
  'skipped',
  'unreadable-project',
  'failed',
  'malformed',
] as const;
export type AdmissionResult = (typeof admissionResults)[number];

export interface Admission {
  readonly answer: AdmissionAnswer;
  readonly result: AdmissionResult;
  /** How many operations the patch has, and how many problems were found: never what they say. */
  readonly operations: number;
  readonly problems: number;
  /** Absent where the label is not the name of a project. */
  readonly project?: string;
}

export interface AdmitOptions {
  readonly findProject: (
    namespace: string,
    name: string,
    timeoutMs: number,
  ) => Promise<DbtProject | undefined>;
  readonly settings: Settings;
}

export type Admit = (
  request: AdmissionRequest,
  timeoutMs: number,
  options: AdmitOptions,
) => Promise<Admission>;

/** A Pod: denied only where its project cannot be read (C26); whatever else is wrong, the backstop denies. */
export const admitPod: Admit = async (request, timeoutMs, options) => {
  const { uid, object } = request;
  if (request.operation !== 'CREATE') return plain(allowed(uid), 'skipped');
  if (!isPod(object)) return plain(notA(uid, 'Pod'), 'malformed');
  const label = projectLabel(object.metadata);
  if (label === undefined) return plain(allowed(uid), 'skipped');
  const found = await findProject(request, label, timeoutMs, options);
  if ('cause' in found) {
    return {
      ...plain(denied(uid, 503, lookupFailed(label, found.cause)), 'unreadable-project'),
      project: label,
    };
  }
  const { pod, problems } = mutatePod(object, found.project, options.settings);
  const result = found.project === undefined ? 'unknown-project' : 'injected';
  return admission({ uid, received: object, mutated: pod, problems, result, label });
};

/** A Job: never denied, since its pods are asked about again; a project that cannot be read is warned of. */
export const admitJob: Admit = admitTemplate({
  kind: 'Job',
  is: isJob,
  template: ({ spec }) => spec.template,
  mutate: (received, project) => {
    const { job, problems } = mutateJob(received, project);
    return { mutated: job, problems };
  },
});

/** A CronJob: as a Job. */
export const admitCronJob: Admit = admitTemplate({
  kind: 'CronJob',
  is: isCronJob,
  template: ({ spec }) => spec.jobTemplate.spec.template,
  mutate: (received, project) => ({ mutated: mutateCronJob(received, project), problems: [] }),
});

interface TemplateOwner<T extends object> {
  readonly kind: string;
  readonly is: (object: unknown) => object is T;
  readonly template: (object: T) => { readonly metadata?: ObjectMeta };
  readonly mutate: (
    received: T,
    project: DbtProject | undefined,
  ) => { readonly mutated: T; readonly problems: readonly string[] };
}

function admitTemplate<T extends object>({ kind, is, template, mutate }: TemplateOwner<T>): Admit {
  return async (request, timeoutMs, options) => {
    const { uid, object } = request;
    if (request.operation !== 'CREATE') return plain(allowed(uid), 'skipped');
    if (!is(object)) return plain(notA(uid, kind), 'malformed');
    const label = projectLabel(template(object).metadata);
    if (label === undefined) return plain(allowed(uid), 'skipped');
    const found = await findProject(request, label, timeoutMs, options);
    if ('cause' in found) {
      const warning = lookupFailed(label, found.cause);
      return { ...plain(allowed(uid, [warning]), 'unreadable-project'), project: label };
    }
    const result = found.project === undefined ? 'unknown-project' : 'injected';
    return admission({ uid, received: object, ...mutate(object, found.project), result, label });
  };
}

/** A label that is not the name of a project is never looked up: there is none such. */
async function findProject(
  { namespace }: AdmissionRequest,
  label: string,
  timeoutMs: number,
  options: AdmitOptions,
): Promise<{ readonly project: DbtProject | undefined } | { readonly cause: string }> {
  if (!isProjectName(label)) return { project: undefined };
  try {
    return { project: await options.findProject(namespace, label, timeoutMs) };
  } catch (error) {
    if (error instanceof ProjectUnreadable) return { cause: error.message };
    throw error;
  }
}

function admission(made: {
  readonly uid: string;
  readonly received: object;
  readonly mutated: object;
  readonly problems: readonly string[];
  readonly result: 'injected' | 'unknown-project';
  readonly label: string;
}): Admission {
  const operations = patch(made.received, made.mutated);
  const injected = made.problems.length > 0 ? 'problems' : operations.length === 0 ? 'unchanged' : 'injected';
  return {
    answer: operations.length === 0 ? allowed(made.uid) : patched(made.uid, operations),
    result: made.result === 'unknown-project' ? made.result : injected,
    operations: operations.length,
    problems: made.problems.length,
    ...(isProjectName(made.label) ? { project: made.label } : {}),
  };
}

function plain(answer: AdmissionAnswer, result: AdmissionResult): Admission {
  return { answer, result, operations: 0, problems: 0 };
}

function notA(uid: string, kind: string): AdmissionAnswer {
  return denied(
    uid,
    400,
    `dbt-jobs: the object is not a ${kind}: send it as the API of the cluster defines it`,
  );
}
