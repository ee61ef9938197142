import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { z } from 'zod';
import type { RunFacts } from '../../watcher/decide/run-facts.ts';
import { decidingAttempt, failedInitContainer } from '../../watcher/decide/run-facts.ts';
import { createDbtLogReader } from '../../watcher/dbt/log.ts';
import { type KubeEvent, parseKubeEvent } from '../../watcher/kube/event.ts';
import { type Job, parseJob } from '../../watcher/kube/job.ts';
import { controllerOf } from '../../watcher/kube/metadata.ts';
import { dbtContainerOf, parsePod, type Pod, statusOf } from '../../watcher/kube/pod.ts';
import { containerOutput } from './container-log.ts';
import { readRunResults, withRunResults } from './run-results.ts';

export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly facts: RunFacts;
  /** What outcome.yaml says; absent where there is none. */
  readonly expected?: { readonly value: unknown };
}

/** A folder that is no case, with everything that is wrong with it. */
export class CaseError extends Error {
  override name = 'CaseError';
}

const known = ['job.yaml', 'pods.yaml', 'events.yaml', 'outcome.yaml', 'run_results.json', 'README.md'];

/** Reads one recorded run. Throws CaseError. */
export function readCase(folder: string): Case {
  const problems: string[] = [];
  const attempt = <Value>(file: string, read: (text: string) => Value): Value | undefined => {
    if (!existsSync(join(folder, file))) return undefined;
    try {
      return read(readFileSync(join(folder, file), 'utf8'));
    } catch (error) {
      problems.push(`${file}: ${wordsOf(error)}`);
      return undefined;
    }
  };
  const job = attempt('job.yaml', (text) => parseJob(only(text, 'Job')));
  const pods = attempt('pods.yaml', (text) => objects(text, 'Pod').map(parsePod)) ?? [];
  const events = attempt('events.yaml', (text) => objects(text, 'Event').map(readEvent)) ?? [];
  const expected = attempt('outcome.yaml', (text) => ({ value: load(text) }));
  const run = job ?? pods[0];
  if (problems.length === 0) problems.push(...wrongObjects(folder, job, pods));
  const logs = readdirSync(folder).filter((file) => file.endsWith('.log'));
  const strange = readdirSync(folder).filter((file) => !known.includes(file) && !logs.includes(file));
  problems.push(...strange.map((file) => `${file}: is no file of a case`));
  if (run === undefined || problems.length > 0) throw caseError(folder, problems);
  const facts: RunFacts = { run, gone: isGone(run), attempts: pods, events };
  return {
    name: basename(folder),
    folder,
    facts: withLogs(folder, facts, logs),
    ...(expected && { expected }),
  };
}

function caseError(folder: string, problems: readonly string[]): CaseError {
  return new CaseError(
    `${folder} is no case:\n${problems.map((problem) => `  ${problem}`).join('\n')}\n` +
      'test/outcomes/README.md says which files a case has',
  );
}

/** A run that is being deleted before its end is recorded as the watcher saw it last. */
function isGone(run: Job | Pod): boolean {
  return Boolean(run.metadata.deletionTimestamp);
}

function wrongObjects(folder: string, job: Job | undefined, pods: readonly Pod[]): string[] {
  if (job === undefined) {
    if (pods.length === 0)
      return ['job.yaml: is missing, and pods.yaml has no pod that could be a run by itself'];
    return pods.length === 1
      ? []
      : [`pods.yaml: has ${pods.length} pods, but without job.yaml the run is one pod`];
  }
  const { uid } = job.metadata;
  return pods
    .filter((pod) => controllerOf(pod)?.uid !== uid)
    .map(
      (pod) =>
        `pods.yaml: pod "${pod.metadata.name}" has no ownerReference to the Job of uid "${uid}" as controller`,
    )
    .concat(
      existsSync(join(folder, 'pods.yaml')) ? [] : ['pods.yaml: is missing; a run without pods has `[]`'],
    );
}

function withLogs(folder: string, facts: RunFacts, logs: readonly string[]): RunFacts {
  const names = namesOfLogs(facts);
  const strange = logs.filter((file) => !names.has(file));
  if (strange.length > 0) {
    const allowed = [...names.keys()].join(', ') || 'none, since there is no pod';
    throw caseError(
      folder,
      strange.map((file) => `${file}: names no container; allowed are ${allowed}`),
    );
  }
  const pod = decidingAttempt(facts);
  if (pod === undefined) return facts;
  const textOf = (container: string | undefined): string | undefined => {
    const file = logs.find((name) => names.get(name) === `${pod.metadata.name}/${container}`);
    return file === undefined ? undefined : containerOutput(readFileSync(join(folder, file), 'utf8'));
  };
  const dbtLog = readDbtLog(folder, pod, textOf(dbtContainerOf(pod)));
  const initLog = textOf(failedInitContainer(pod));
  return { ...facts, ...(dbtLog && { dbtLog }), ...(initLog !== undefined && { initLog }) };
}

/** The container of each allowed name: `<container>.log` for the attempt that decides, `<pod>.<container>.log` for any. */
function namesOfLogs(facts: RunFacts): Map<string, string> {
  const deciding = decidingAttempt(facts);
  const names = new Map<string, string>();
  for (const pod of facts.attempts) {
    for (const { name } of [...pod.spec.initContainers, ...pod.spec.containers]) {
      const container = `${pod.metadata.name}/${name}`;
      if (pod === deciding) names.set(`${name}.log`, container);
      names.set(`${pod.metadata.name}.${name}.log`, container);
    }
  }
  return names;
}

function readDbtLog(folder: string, pod: Pod, text: string | undefined): RunFacts['dbtLog'] {
  const reader = createDbtLogReader();
  reader.push(text ?? '');
  const log = reader.end();
  const file = join(folder, 'run_results.json');
  const results = existsSync(file) ? readRunResults(readFileSync(file, 'utf8')) : undefined;
  const state = statusOf(pod, dbtContainerOf(pod))?.state;
  const startedAt = state?.terminated?.startedAt ?? state?.running?.startedAt ?? undefined;
  const whole = results ? withRunResults(log, results, startedAt) : log;
  return Object.keys(whole).length === 0 ? undefined : whole;
}

const typed = z.looseObject({ kind: z.string().optional(), items: z.array(z.unknown()).optional() });

/** Objects of one kind: a list of kubectl, several documents, or a sequence. Throws where another kind is among them. */
function objects(text: string, kind: string): unknown[] {
  const documents = loadAll(text).flatMap((document) =>
    Array.isArray(document) ? (document as unknown[]) : [document],
  );
  return documents
    .filter((document) => document !== null && document !== undefined)
    .flatMap((document) => typed.parse(document).items ?? [document])
    .map((object) => {
      const found = typed.parse(object).kind;
      if (found === undefined || found === kind) return object;
      throw new Error(`has a ${found}; only objects of kind ${kind} are allowed`);
    });
}

function only(text: string, kind: string): unknown {
  const [object, ...more] = objects(text, kind);
  if (object === undefined || more.length > 0)
    throw new Error(`has ${more.length + (object ? 1 : 0)} objects; it needs one ${kind}`);
  return object;
}

/** Events of core/v1, and those of events.k8s.io/v1 with their other names. */
function readEvent(value: unknown): KubeEvent {
  const event = typed.parse(value);
  return parseKubeEvent({
    ...event,
    involvedObject: event['involvedObject'] ?? event['regarding'],
    message: event['message'] ?? event['note'],
    lastTimestamp: event['lastTimestamp'] ?? event['deprecatedLastTimestamp'],
  });
}

function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll('\n', '; ');
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
