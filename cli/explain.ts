import { annotations, labels } from '../contract/names.ts';
import { Refused, readJson, type Cluster } from './api-server.ts';
import { yamlDifference, type Line } from './difference.ts';
import type { ExplainArguments } from './parse-arguments.ts';
import { BadManifest, parsePodManifest, type Pod } from './pod-manifest.ts';
import { withoutServerDefaults } from '../contract/server-defaults.ts';
import { printable, type Terminal } from './terminal.ts';

export interface Shell {
  readonly cluster: Cluster;
  readonly terminal: Terminal;
  /** Contents of a file; of standard input for `-`. Throws as node:fs does. */
  readonly readFile: (file: string) => Promise<string>;
  readonly paint: (line: Line) => string;
}

/** 0 admitted, 1 denied, 2 no manifest to ask about. */
type ExitCode = 0 | 1 | 2;

/** Throws Unreachable; Refused where the API server denies for another cause than the pod. */
export async function explain(shell: Shell, asked: ExplainArguments): Promise<ExitCode> {
  const { terminal, cluster } = shell;
  const manifest = await readManifest(shell, asked.file);
  if (manifest === undefined) return 2;
  const wanted = asked.connection.namespace;
  if (wanted !== undefined && manifest.namespace !== undefined && wanted !== manifest.namespace) {
    terminal.problem(
      `${asked.file} is for namespace ${manifest.namespace}, but --namespace is ${wanted}: write the same`,
    );
    return 2;
  }
  const namespace = wanted ?? manifest.namespace ?? cluster.namespace;
  const admitted = await admit(shell, namespace, manifest.pod);
  if (admitted === undefined) return 1;
  const difference = yamlDifference(manifest.pod, withoutServerDefaults(manifest.pod, admitted));
  const what = manifest.templateOf === undefined ? 'The pod' : `The pod of ${manifest.templateOf}`;
  terminal.line(`${what}, as namespace ${namespace} admits it:\n`);
  for (const line of difference) terminal.line(shell.paint(line));
  terminal.line(`\n${summary(manifest.pod, admitted, difference)}`);
  terminal.line(`Next: kubectl create -n ${namespace} -f ${asked.file}`);
  return 0;
}

async function readManifest(
  shell: Shell,
  file: string,
): Promise<ReturnType<typeof parsePodManifest> | undefined> {
  try {
    return parsePodManifest(await shell.readFile(file));
  } catch (error) {
    if (!(error instanceof Error) || !(error instanceof BadManifest || 'code' in error)) throw error;
    shell.terminal.problem(`${file}: ${printable(error.message)}`);
    return undefined;
  }
}

/** The pod as it would be stored; undefined where it is denied, for the reason printed as it came. */
async function admit({ cluster, terminal }: Shell, namespace: string, pod: Pod): Promise<unknown> {
  try {
    const { value, warnings } = await readJson(cluster.send, {
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods`,
      query: { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'kubectl-dbt' },
      body: { ...pod, metadata: { ...pod.metadata, namespace } },
    });
    for (const warning of warnings) terminal.problem(`Warning: ${printable(warning)}`);
    return value;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    terminal.problem(printable(error.message));
    return undefined;
  }
}

function summary(sent: Pod, admitted: unknown, difference: readonly Line[]): string {
  const count = (mark: Line['mark']) => difference.filter((line) => line.mark === mark).length;
  const counted = `${count('+')} lines added, ${count('-')} removed; fields that the API server itself fills are left out.`;
  const project = sent.metadata.labels?.[labels.project];
  if (project === undefined)
    return `${counted}\nWithout the label ${labels.project}, dbt Jobs leaves the pod alone.`;
  const marked = JSON.stringify(admitted).includes(`"${annotations.projectUid}":`);
  return marked
    ? `${counted}\nDbtProject ${project} is applied.`
    : `${counted}\nNo engine applied DbtProject ${project}.`;
}
