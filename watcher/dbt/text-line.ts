import type { DbtEvent } from './event.ts';
import { readResultLine } from './text-result.ts';

/** Reads dbt's plain log line by line: a failure's message stands on the lines below its heading. */
export interface TextReader {
  push(line: string): DbtEvent[];
}

export function createTextReader(): TextReader {
  let explanation: Explanation | undefined;
  return {
    push(raw) {
      const line = plain(raw);
      if (explanation !== undefined) {
        if (line.trim() === '') return [];
        const event = explain(explanation, line);
        if (event !== undefined) explanation = undefined;
        return event === undefined ? [] : [event];
      }
      explanation = headingOf(line);
      if (explanation !== undefined) return [];
      const event = versionLine(line) ?? readResultLine(line) ?? cancelLine(line) ?? finishedLine(line);
      return event === undefined ? [] : [event];
    },
  };
}

/** The lines below a heading, as far as they are read. */
interface Explanation {
  /** What failed; empty for dbt itself. */
  readonly node: string;
  errorKind: string | undefined;
  isTrace: boolean;
}

function headingOf(line: string): Explanation | undefined {
  const begin = (node: string, errorKind?: string) => ({ node, errorKind, isTrace: false });
  if (line === 'Encountered an error:') return begin('');
  const operation = /^Encountered an error while running operation: (\w{1,30} Error)/.exec(line)?.[1];
  if (operation !== undefined) return begin('', operation);
  const node = nodeOfHeading(line);
  return node === undefined ? undefined : begin(node);
}

/** The event once the line is found that says what happened. */
function explain(explanation: Explanation, line: string): DbtEvent | undefined {
  const { node, errorKind } = explanation;
  // The exception stands below its trace, whose lines are indented.
  if (explanation.isTrace && line.startsWith(' ')) return undefined;
  if (line === 'Traceback (most recent call last):') {
    explanation.isTrace = true;
    return undefined;
  }
  // "Runtime Error in model a (path)" only announces the line that says what happened.
  if (nodeOfHeading(line) === node) return undefined;
  const words = line.trim();
  if (errorKind === undefined && words.endsWith(' Error')) {
    explanation.errorKind = words;
    return undefined;
  }
  const message = errorKind === undefined ? words : `${errorKind}: ${words}`;
  return node === '' ? { kind: 'error', message } : { kind: 'message', node, message };
}

/** Without dbt's clock, the level and thread that `--debug` adds, and its colours. */
export function plain(line: string): string {
  const uncoloured = line.includes('\u001b') ? line.replaceAll(/\u001b\[[0-9;]{0,16}m/g, '') : line;
  return uncoloured
    .replace(/^\d{2}:\d{2}:\d{2}(\.\d{1,6})? {1,2}/, '')
    .replace(/^\[[a-z]{4,5} {0,1}\] \[[^\]]{1,64}\]: /, '');
}

/** `Running with dbt=1.11.16`; dbt 2 begins with `dbt 2.0.1` or `dbt-fusion 2.0.0-preview.181`. */
function versionLine(line: string): DbtEvent | undefined {
  const found = /^(?:Running with dbt(?:-fusion)?=|dbt(?:-fusion)? )(\d\S{0,62})$/.exec(line);
  return found?.[1] === undefined ? undefined : { kind: 'version', version: found[1] };
}

/** `Failure in model orders (models/orders.sql)`, and `Database Error in model orders (…)` of older releases. */
function nodeOfHeading(line: string): string | undefined {
  const at = line.indexOf(' in ');
  const path = line.indexOf(' (', at);
  if (at < 0 || path < 0) return undefined;
  const what = line.slice(0, at).trim();
  if (what !== 'Failure' && !(what.endsWith(' Error') && what.length < 40)) return undefined;
  const words = line.slice(at + 4, path).split(' ', 8);
  const name = words.at(-1);
  return words.length >= 2 && name ? name : undefined;
}

/** `CANCEL query model.shop.orders ...... [CANCEL]` */
function cancelLine(line: string): DbtEvent | undefined {
  return line.startsWith('CANCEL query ') ? { kind: 'cancelled' } : undefined;
}

/** `Finished running 2 view models in 0 hours 0 minutes and 0.39 seconds (0.39s).` */
function finishedLine(line: string): DbtEvent | undefined {
  if (!line.startsWith('Finished running ')) return undefined;
  const elapsed = /^\((\d{1,9}(?:\.\d{1,9})?)s\)\.$/.exec(line.slice(line.lastIndexOf('(')));
  return elapsed?.[1] === undefined
    ? undefined
    : { kind: 'elapsed', of: 'work', seconds: Number(elapsed[1]) };
}
