import { type DbtProject, selectPlan } from '../../contract/dbt-project.ts';
import { labels } from '../../contract/names.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { Job } from '../kube/job.ts';
import type { Pod } from '../kube/pod.ts';
import { runTimes } from '../run-times.ts';
import type { Alert } from './message.ts';

export interface Described {
  readonly alert: Alert;
  /** The job whose runs share an incident; undefined where the run belongs to none. */
  readonly job: string | undefined;
}

export interface RunContext {
  readonly projectName: string;
  readonly project: DbtProject | undefined;
  /** `https://dbt.example/{namespace}/runs/{uid}`, with {namespace}, {project}, {name} and {uid}. */
  readonly runUrl: string | undefined;
}

/** What a message tells of a run. */
export function describeRun(
  run: Job | Pod,
  outcome: Outcome,
  { projectName, project, runUrl }: RunContext,
): Described {
  const { namespace, name, uid } = run.metadata;
  const job = jobOf(run);
  const { startedAt, finishedAt } = runTimes(run);
  const asked = run.kind === 'Job' ? run.spec.template.metadata.plan : run.metadata.labels[labels.plan];
  return {
    alert: {
      namespace,
      project: projectName,
      job: job ?? name,
      kind: run.kind,
      name,
      outcome,
      commit: project && selectPlan(project, asked)?.commit,
      durationSeconds: startedAt > 0 && finishedAt >= startedAt ? finishedAt - startedAt : undefined,
      url: runUrl && filled(runUrl, { namespace, project: projectName, name, uid }),
    },
    job: job === undefined ? undefined : `${namespace}/${projectName}/${job}`,
  };
}

/** The label says so, else the CronJob that owns the run (C4). */
function jobOf(run: Job | Pod): string | undefined {
  const told = run.kind === 'Job' ? run.spec.template.metadata.job : undefined;
  const owner = run.metadata.ownerReferences.find(({ kind }) => kind === 'CronJob');
  return run.metadata.labels[labels.job] ?? told ?? owner?.name;
}

function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, key: string) =>
    Object.hasOwn(values, key) ? encodeURIComponent(values[key] ?? '') : whole,
  );
}
