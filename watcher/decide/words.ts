import type { DbtSummary } from '../../contract/outcome.ts';
import { createDbtLogReader } from '../dbt/log.ts';
import type { Terminated } from '../kube/pod.ts';
import { cloneCause } from './clone-cause.ts';
import type { RunFacts } from './run-facts.ts';

/** `container "dbt" ended with exit code 137 (SIGKILL)`. */
export function endWords(container: string, end: Terminated): string {
  const signal = signals[end.exitCode];
  const why = end.reason && end.reason !== 'Error' && end.reason !== 'Completed' ? end.reason : signal;
  const message = end.message?.trim();
  const more = message ? `: ${lastLineOf(message)}` : '';
  return `container "${container}" ended with exit code ${end.exitCode}${why ? ` (${why})` : ''}${more}`;
}

/** A process ended by signal n exits with 128 + n. */
const signals: Readonly<Record<number, string>> = {
  126: 'not executable',
  127: 'command not found',
  130: 'SIGINT',
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** The end of an init container, with what its last lines tell. */
export function initWords(container: string, end: Terminated, log: string | undefined): string {
  const said = log && (cloneCause(log) ?? packagesCause(log) ?? lastLineOf(log));
  return `${endWords(container, end)}${said ? `: ${said}` : ''}`;
}

/** `dbt deps` tells its error as any dbt command does. */
function packagesCause(log: string): string | undefined {
  const reader = createDbtLogReader();
  reader.push(log);
  return reader.end().error;
}

function lastLineOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? '').trim().slice(0, 500);
}

/**
 * `1 of 5 nodes failed: model.shop.orders (error): Database Error: …`, or how many have each status; then what was at work
 * when dbt's output broke off. Undefined without nodes.
 */
export function dbtDetail(facts: RunFacts): string | undefined {
  const summary = facts.dbtLog?.summary;
  if (summary === undefined) return undefined;
  const atWork = unfinishedWords(summary);
  return `${resultWords(summary)}${atWork === undefined ? '' : `; ${atWork} at work`}`;
}

function resultWords({ counts, failedNodes }: DbtSummary): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const [first] = failedNodes;
  if (first === undefined) {
    return `${total} nodes: ${Object.entries(counts)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')}`;
  }
  const said = first.message === '' ? '' : `: ${first.message}`;
  return `${failedNodes.length} of ${total} nodes failed: ${first.uniqueId} (${first.status})${said}`;
}

/** `model.shop.slow was`, `model.shop.slow and 2 more were`; undefined where dbt had ended all that it began. */
function unfinishedWords({ unfinishedNodes = [] }: DbtSummary): string | undefined {
  const [first, ...more] = unfinishedNodes;
  if (first === undefined) return undefined;
  return more.length === 0 ? `${first} was` : `${first} and ${more.length} more were`;
}

/** What a run that was stopped leaves behind in the warehouse: dbt cancels its queries on SIGINT only. */
export function abandonedWords(facts: RunFacts): string {
  const { summary, invocations = [] } = facts.dbtLog ?? {};
  const atWork = summary && unfinishedWords(summary);
  if (atWork === undefined || invocations.at(-1)?.cancelledQueries) return '';
  return `; ${atWork} at work, and dbt did not cancel the query: its image needs STOPSIGNAL SIGINT`;
}
