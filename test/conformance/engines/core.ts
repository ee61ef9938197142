import type { DbtProject } from '../../../contract/dbt-project.ts';
import { denial, problems as texts } from '../../../contract/problems.ts';
import { findProblems } from '../../../webhook/mutate/find-problems.ts';
import { mutateCronJob } from '../../../webhook/mutate/mutate-cron-job.ts';
import { mutateJob } from '../../../webhook/mutate/mutate-job.ts';
import { mutatePod } from '../../../webhook/mutate/mutate-pod.ts';
import { isProjectName } from '../../../webhook/mutate/select.ts';
import { defaultSettings } from '../../../webhook/mutate/settings.ts';
import { isCronJob, isJob, isPod } from '../../../webhook/workload.ts';
import type { Json } from '../json.ts';
import { fieldsAt } from '../json.ts';
import { labelOf, podPath, projectsOf } from '../projects-of-case.ts';
import type { Case } from '../read-cases.ts';
import { hasEngine } from '../surroundings.ts';
import type { Admission, Engine } from './engine.ts';

/** Only for the texts: the functions know no namespace. */
const coreNamespace = 'acme';

/** webhook/mutate/ by itself: the objects as written, without an API server's defaults. */
export function coreEngine(): Engine {
  return {
    name: 'core',
    stage: 'functions',
    prepare: () => Promise.resolve(undefined),
    notAsked: ({ update, around }) => {
      if (update !== undefined) return 'the functions are for CREATE';
      return hasEngine(around) ? undefined : 'no engine is in charge of the namespace';
    },
    namespaceOf: () => coreNamespace,
    admit: (asked, object) => Promise.resolve(admit(asked, object)),
    reference: (_asked, _sent, expected) => Promise.resolve({ object: expected, warnings: [] }),
    update: () => Promise.reject(new Error('the functions are for CREATE')),
    comparable: (object) => object,
    logs: () => Promise.resolve({ engine: '', audit: '' }),
    close: () => Promise.resolve(),
  };
}

function admit(asked: Case, object: Json): Admission {
  const label = labelOf(asked, object);
  const project =
    label !== undefined && isProjectName(label)
      ? projectsOf(asked, coreNamespace).get(`${coreNamespace}/${label}`)
      : undefined;
  const say = (problems: readonly string[]): string => denial(label ?? '', coreNamespace, problems);
  if (asked.kind === 'Pod') {
    if (!isPod(object)) throw new Error('the webhook does not take this object for a Pod');
    const { pod, problems } = mutatePod(object, project, defaultSettings);
    return { object: { ...pod }, warnings: [], ...(problems.length > 0 ? { denied: say(problems) } : {}) };
  }
  const template = fieldsAt(object, ...podPath[asked.kind]);
  const warnings = label === undefined ? [] : told(template, project).map((found) => say(found));
  if (asked.kind === 'CronJob') {
    if (!isCronJob(object)) throw new Error('the webhook does not take this object for a CronJob');
    return { object: { ...mutateCronJob(object, project) }, warnings };
  }
  if (!isJob(object)) throw new Error('the webhook does not take this object for a Job');
  const { job, problems } = mutateJob(object, project);
  // The pods of an unknown project are denied, of their Job the person is warned (C21).
  const denied = project !== undefined && problems.length > 0;
  return { object: { ...job }, warnings, ...(denied ? { denied: say(problems) } : {}) };
}

/** What the pods of the template will be denied for, where there is anything: one list. */
function told(template: Json, project: DbtProject | undefined): readonly (readonly string[])[] {
  if (project === undefined) return [[texts.unknownProject()]];
  const found = isPod(template) ? findProblems(template, project, defaultSettings) : [];
  return found.length > 0 ? [found] : [];
}
