import type { Terminated } from '../kube/pod.ts';
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

export function initWords(container: string, end: Terminated, log: string | undefined): string {
  const said = log && gitWords(log);
  return `${endWords(container, end)}${said ? `: ${said}` : ''}`;
}

/** git's own `fatal:` line where there is one: git-sync wraps it into JSON. Else the last line. */
function gitWords(log: string): string {
  const at = log.lastIndexOf('fatal: ');
  if (at < 0) return lastLineOf(log);
  const line = log.slice(at, at + 500);
  const end = line.search(/\\n|\\"|\n|"/);
  return end < 0 ? line : line.slice(0, end);
}

function lastLineOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? '').trim().slice(0, 500);
}

/** `1 of 5 nodes failed: model.shop.orders (error): Database Error: …`, or how many succeeded; undefined without nodes. */
export function dbtDetail(facts: RunFacts): string | undefined {
  const summary = facts.dbtLog?.summary;
  if (summary === undefined) return undefined;
  const total = Object.values(summary.counts).reduce((sum, count) => sum + count, 0);
  const [first] = summary.failedNodes;
  if (first === undefined) {
    const counts = Object.entries(summary.counts).map(([status, count]) => `${count} ${status}`);
    return `${total} nodes: ${counts.join(', ')}`;
  }
  const said = first.message === '' ? '' : `: ${first.message}`;
  return `${summary.failedNodes.length} of ${total} nodes failed: ${first.uniqueId} (${first.status})${said}`;
}
