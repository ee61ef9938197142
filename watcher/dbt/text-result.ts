import type { DbtEvent } from './event.ts';

/** dbt 1's words in a line of results, and the node status that each stands for. */
const statuses: Readonly<Record<string, string>> = {
  START: 'started',
  OK: 'success',
  PASS: 'pass',
  ERROR: 'error',
  FAIL: 'fail',
  WARN: 'warn',
  SKIP: 'skipped',
  'NO-OP': 'no-op',
  PARTIALLY: 'partial success',
};

/** dbt 2's words. It has one for a test that found rows and for a model that broke: see `readLine2`. */
const statuses2: Readonly<Record<string, string>> = {
  Succeeded: 'success',
  Passed: 'pass',
  Failed: 'error',
  Warned: 'warn',
  Skipped: 'skipped',
  Reused: 'reused',
  Cancelled: 'cancelled',
  Stale: 'error',
};

/** A line of dbt's plain log that tells how a node stands; undefined for any other. */
export function readResultLine(line: string): DbtEvent | undefined {
  return readLine1(line) ?? readLine2(line);
}

/** `5 of 5 FAIL 2 not_null_orders_id ...... [FAIL 2 in 0.01s]` */
function readLine1(line: string): DbtEvent | undefined {
  const head = /^\d{1,7} of \d{1,7} ([A-Z-]{2,9}) /.exec(line);
  const word = head?.[1] ?? '';
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined;
  if (head === null || status === undefined) return undefined;
  const end = line.lastIndexOf(' [');
  const words = line
    .slice(head[0].length, end < 0 ? undefined : end)
    .split(' ')
    .filter((part) => part !== '' && !/^\.+$/.test(part));
  const name = words.at(-1);
  if (name === undefined) return undefined;
  const node = isRelation(word, words) ? name.slice(name.lastIndexOf('.') + 1) : name;
  return eventOf(node, status, end < 0 ? '' : line.slice(end));
}

/** A relation is written with its schema, which the heading of its error leaves out; a test and a source are not. */
function isRelation(word: string, words: readonly string[]): boolean {
  if (words.length < 2 || words.includes('freshness')) return false;
  const kind = words[0];
  return /^(START|OK|ERROR|SKIP|NO-OP|PARTIALLY)$/.test(word) && kind !== 'test' && kind !== 'unit_test';
}

/** ` Succeeded [  0.12s] model main.orders (view)` */
function readLine2(line: string): DbtEvent | undefined {
  const head = /^ {0,16}([A-Z][a-z]{4,10}) \[ {0,8}(\d{1,8}\.\d{1,3})s\] ([a-z_]{1,20}) {1,8}(\S+)/.exec(
    line,
  );
  const [, word = '', seconds = '', kind = '', name = ''] = head ?? [];
  if (head === null || !Object.hasOwn(statuses2, word)) return undefined;
  const isTest = kind === 'test' || kind === 'unit_test';
  const status = isTest && word === 'Failed' ? 'fail' : (statuses2[word] ?? 'other');
  const node = isTest ? name : name.slice(name.lastIndexOf('.') + 1);
  return eventOf(node, status, `[${word} in ${seconds}s]`);
}

function eventOf(node: string, status: string, bracket: string): DbtEvent {
  if (status === 'started') return { kind: 'began', node, status };
  const took = / in (\d{1,9}(?:\.\d{1,9})?)s\]$/.exec(bracket.slice(-80))?.[1];
  return { kind: 'ended', node, status, ...(took !== undefined && { seconds: Number(took) }) };
}
