import { z } from 'zod';
import type { LogLine } from '../wire/log.ts';

/** What a person reads of one line of a container's output. */
export type ReadLine = Pick<LogLine, 'at' | 'level' | 'text'>;

/**
 * Of dbt's JSON (log version 3) the message, its level and dbt's own instant; of git-sync's the message and its error; else
 * the line as it is. No text holds a control character but tab and line feed: a message may have several lines.
 */
export function readLogLine(at: string, raw: string): ReadLine {
  const structured = raw.startsWith('{') ? readStructured(raw) : undefined;
  if (structured === undefined) return { at, ...withLevel(levelOfText(raw)), text: printable(raw) };
  return { ...structured, at: structured.at ?? at, text: printable(structured.text) };
}

/** As the level of `readLogLine`, without the cost of reading the lines that cannot have it: most of a log. */
export function isErrorLine(raw: string): boolean {
  if (!raw.startsWith('{')) return levelOfText(raw) === 'error';
  return raw.includes('"error"') && readStructured(raw)?.level === 'error';
}

type Level = NonNullable<LogLine['level']>;
const withLevel = (level: Level | undefined) => (level === undefined ? {} : { level });

const dbtLine = z.object({
  info: z.object({
    msg: z.string(),
    level: z.enum(['debug', 'info', 'warn', 'error']).optional().catch(undefined),
    ts: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/)
      .optional()
      .catch(undefined),
  }),
});

/** Its `ts` is in the container's own zone, which nobody knows. Errors have no level; from 1 on it is verbosity. */
const gitSyncLine = z.object({
  logger: z.string(),
  msg: z.string(),
  level: z.number().optional(),
  error: z.string().optional(),
});

function readStructured(raw: string): (Omit<ReadLine, 'at'> & { readonly at?: string }) | undefined {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return undefined;
  }
  const dbt = dbtLine.safeParse(value).data;
  if (dbt !== undefined) {
    const { msg, level, ts } = dbt.info;
    return { ...(ts !== undefined && { at: ts }), ...withLevel(level), text: msg };
  }
  const gitSync = gitSyncLine.safeParse(value).data;
  if (gitSync === undefined) return undefined;
  const { msg, error, level = 0 } = gitSync;
  if (error !== undefined) return { level: 'error', text: `${msg}: ${error}` };
  return { level: level > 0 ? 'debug' : 'info', text: msg };
}

/** dbt's clock, and with `--debug` its level, before a line of text; also where it writes in colour. */
const levelPrefix = /^\d\d:\d\d:\d\d\.\d{1,6} \[(debug|info|warn|error) {0,2}\]/;
const clock = /^\d\d:\d\d:\d\d(?:\.\d{1,6})? {1,4}/;
const errorText =
  /^(?:\d{1,6} of \d{1,6} (?:ERROR|FAIL) |(?:Failure|[A-Z]\w{2,30} Error) in |Encountered an error|Traceback \(most recent call last\):|(?:fatal|error): )/;
const warningText = /^(?:\d{1,6} of \d{1,6} WARN |Warning in )/;
/** More than any of the patterns above can need. */
const headLength = 160;

function levelOfText(raw: string): Level | undefined {
  const head = printable(raw.slice(0, headLength));
  const found = levelPrefix.exec(head)?.[1];
  const level = (['debug', 'info', 'warn', 'error'] as const).find((one) => one === found);
  if (level !== undefined) return level;
  const words = head.replace(clock, '').trimStart();
  if (errorText.test(words)) return 'error';
  return warningText.test(words) ? 'warn' : undefined;
}

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** ECMA-48: control sequences (colours, cursor), strings up to their end (titles, links), and the short ones. */
const sequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

function printable(text: string): string {
  if (!control.test(text)) return text;
  return text
    .replace(sequences, '')
    .replace(/\r+$/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
