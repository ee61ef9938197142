import type { DbtEvent } from './json-line.ts';

/** dbt's words in a line of results, and the node status that each stands for. */
const statuses: Readonly<Record<string, string>> = {
  OK: 'success',
  PASS: 'pass',
  ERROR: 'error',
  FAIL: 'fail',
  WARN: 'warn',
  SKIP: 'skipped',
  'NO-OP': 'no-op',
};

/** Reads dbt's plain log line by line: a failure's message stands on the lines below its heading. */
export interface TextReader {
  push(line: string): DbtEvent[];
}

export function createTextReader(): TextReader {
  let heading: string | undefined;
  let errorKind: string | undefined;
  return {
    push(raw) {
      const line = plain(raw);
      if (heading !== undefined && line.trim() !== '') return below(line);
      return readHeading(line);
    },
  };

  function below(line: string): DbtEvent[] {
    const node = heading ?? '';
    const header = errorHeader(line);
    // "Runtime Error in model a (path)" only announces the line that says what happened.
    if (header !== undefined && header.node === node) return [];
    const words = line.trim();
    if (errorKind === undefined && words.endsWith(' Error')) {
      errorKind = words;
      return [];
    }
    const message = errorKind === undefined ? words : `${errorKind}: ${words}`;
    heading = errorKind = undefined;
    return node === '' ? [{ kind: 'error', message }] : [{ kind: 'message', node, message }];
  }

  function readHeading(line: string): DbtEvent[] {
    if (line === 'Encountered an error:') {
      heading = '';
      return [];
    }
    const header = errorHeader(line);
    if (header !== undefined) {
      heading = header.node;
      return [];
    }
    const event = resultLine(line) ?? finishedLine(line);
    return event === undefined ? [] : [event];
  }
}

/** Without dbt's clock and its colours. */
export function plain(line: string): string {
  const uncoloured = line.includes('\u001b') ? line.replaceAll(/\u001b\[[0-9;]{0,16}m/g, '') : line;
  return uncoloured.replace(/^\d{2}:\d{2}:\d{2}(\.\d{1,6})? {1,2}/, '');
}

/** `Failure in model orders (models/orders.sql)`, and `Database Error in model orders (…)` of older releases. */
function errorHeader(line: string): { readonly node: string } | undefined {
  const at = line.indexOf(' in ');
  const path = line.indexOf(' (', at);
  if (at < 0 || path < 0) return undefined;
  const what = line.slice(0, at).trim();
  if (what !== 'Failure' && !(what.endsWith(' Error') && what.length < 40)) return undefined;
  const words = line.slice(at + 4, path).split(' ');
  const name = words.at(-1);
  return words.length >= 2 && name ? { node: name.slice(0, 512) } : undefined;
}

/** `5 of 5 FAIL 2 not_null_orders_id ...... [FAIL 2 in 0.01s]`; a relation's schema is left out, as in the heading. */
function resultLine(line: string): DbtEvent | undefined {
  const head = /^\d{1,7} of \d{1,7} ([A-Z-]{2,7}) /.exec(line);
  const status = statuses[head?.[1] ?? ''];
  if (head === null || status === undefined) return undefined;
  const end = line.lastIndexOf(' [');
  const words = line
    .slice(head[0].length, end < 0 ? undefined : end)
    .split(' ')
    .filter((word) => word !== '' && !/^\.+$/.test(word));
  const name = words.at(-1);
  if (name === undefined) return undefined;
  const isRelation = words.length > 1 && /^(OK|ERROR|SKIP|NO-OP)$/.test(head[1] ?? '');
  return {
    kind: 'status',
    node: (isRelation ? name.slice(name.lastIndexOf('.') + 1) : name).slice(0, 512),
    status,
  };
}

/** `Finished running 2 view models in 0 hours 0 minutes and 0.39 seconds (0.39s).` */
function finishedLine(line: string): DbtEvent | undefined {
  if (!line.startsWith('Finished running ')) return undefined;
  const elapsed = /^\((\d{1,9}(?:\.\d{1,9})?)s\)\.$/.exec(line.slice(line.lastIndexOf('(')));
  return elapsed?.[1] === undefined ? undefined : { kind: 'finished', elapsedSeconds: Number(elapsed[1]) };
}
