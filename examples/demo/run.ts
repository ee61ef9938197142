import { z } from 'zod';
import { annotations } from '../../contract/names.ts';
import type { Commands, KubernetesObject } from './command.ts';
import { organization, project } from './names.ts';
import { expectThat, tellCommand, tellOutput } from './tell.ts';
import { eventually } from './wait.ts';

const outcome = z.looseObject({
  result: z.string(),
  reason: z.string(),
  message: z.string(),
  dbt: z.looseObject({ counts: z.record(z.string(), z.number()) }).optional(),
});

export type ReportedOutcome = z.output<typeof outcome>;

/** What one run left behind. */
export interface FinishedRun {
  readonly job: KubernetesObject;
  readonly pod: KubernetesObject;
  readonly outcome: ReportedOutcome;
}

/** The longest that a run of the demo takes, a cold page cache and two busy cores included. */
const runSeconds = 240;

/** The Job that a person or a tool would write: the label, plan:current and the command, nothing else. */
export function jobManifest(name: string, command: readonly string[], label: string = project): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  namespace: ${organization}
spec:
  backoffLimit: 0
  template:
    metadata:
      labels: { dbt-jobs.io/project: ${label} }
    spec:
      restartPolicy: Never
      containers:
        - name: dbt
          image: plan:current
          command: ${JSON.stringify(command)}
`;
}

/** Waits until the watcher has written the outcome. */
export async function finished(commands: Commands, name: string): Promise<FinishedRun> {
  const job = await eventually(`Job ${name} has an outcome`, runSeconds, async () => {
    const found = await commands.get('job', name, organization);
    return found?.metadata.annotations?.[annotations.outcome] === undefined ? undefined : found;
  });
  const pods = await commands.list('pod', organization, `batch.kubernetes.io/job-name=${name}`);
  const [pod] = pods;
  expectThat(pod !== undefined, `the Job ${name} has a pod`);
  const text = job.metadata.annotations?.[annotations.outcome] ?? '';
  return { job, pod, outcome: outcome.parse(JSON.parse(text)) };
}

/** Creates a run of `command`, waits for its end and tells its outcome. */
export async function runJob(
  commands: Commands,
  name: string,
  command: readonly string[],
): Promise<FinishedRun> {
  tellCommand(`kubectl create -f ${name}.yaml   # command: ${command.join(' ')}`);
  await commands.apply(jobManifest(name, command));
  const run = await finished(commands, name);
  tellOutcome(name, run);
  return run;
}

export function tellOutcome(name: string, { outcome: { result, reason, message } }: FinishedRun): void {
  tellOutput(`${name}: ${result}, ${reason}: ${message}`);
}

/** @throws unless the run succeeded. */
export function expectSuccess(name: string, run: FinishedRun): void {
  expectThat(
    run.outcome.result === 'succeeded',
    `${name} ends as succeeded, not ${JSON.stringify(run.outcome)}`,
  );
}

/** Image of the dbt container and commit of the clone, as the pod has them. */
export function imageAndCommit({ pod }: FinishedRun): { readonly image: string; readonly commit: string } {
  const parsed = podSpec.parse(pod);
  const dbt = parsed.spec.containers.find(({ name }) => name === 'dbt');
  const ref = parsed.spec.initContainers[0]?.args?.find((arg) => arg.startsWith('--ref='));
  return { image: dbt?.image ?? '', commit: ref?.slice('--ref='.length) ?? '' };
}

const podSpec = z.object({
  spec: z.object({
    containers: z.array(z.object({ name: z.string(), image: z.string() })),
    initContainers: z.array(z.object({ name: z.string(), args: z.array(z.string()).optional() })),
  }),
});

/** The last lines of a container's log that match. */
export async function tellLog(
  commands: Commands,
  pod: string,
  container: string,
  pattern: RegExp,
): Promise<void> {
  tellCommand(`kubectl logs -n ${organization} ${pod} -c ${container}`);
  const text = await commands.kubectl('logs', '-n', organization, pod, '-c', container);
  const lines = text.split('\n').filter((line) => pattern.test(line));
  expectThat(lines.length > 0, `the log of ${container} has a line like ${pattern.source}`);
  tellOutput(lines.slice(-3).map(readable).join('\n'));
}

const dbtLine = z.looseObject({ info: z.looseObject({ msg: z.string(), level: z.string() }) });

/** A JSON event of dbt as the sentence in it; any other line as it is. */
function readable(line: string): string {
  try {
    const { info } = dbtLine.parse(JSON.parse(line));
    return `${info.level}: ${info.msg.trim()}`;
  } catch {
    return line;
  }
}
