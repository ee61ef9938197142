import { CronExpressionParser } from 'cron-parser';
import { joined, monthNames } from './words.ts';

/** When a CronJob is due, in the wall clock of its zone. Each list is ascending and complete. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  /** From 1. */
  readonly months: readonly number[];
  /** From 0, Sunday. */
  readonly weekdays: readonly number[];
  /**
   * Neither day of month nor day of week has a `*`: a day of either counts. Otherwise it must be of both.
   * https://github.com/robfig/cron/blob/v3.0.1/spec.go#L174
   */
  readonly eitherDay: boolean;
}

export type ParsedCron = { readonly cron: Cron } | { readonly problems: readonly string[] };

/** Those of https://github.com/robfig/cron/blob/v3.0.1/parser.go#L356 that stand for five fields. */
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const monthWords = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
const weekdayWords = 'SUN|MON|TUE|WED|THU|FRI|SAT';

interface Field {
  readonly key: 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';
  readonly title: string;
  readonly allowed: string;
  readonly last: number;
  /** An entry of the list: cron-parser takes more than a CronJob does. */
  readonly entry: RegExp;
}

const entryOf = (value: string) => new RegExp(`^(?:[*?]|(?:${value})(?:-(?:${value}))?)(?:/\\d{1,4})?$`, 'i');
const number = '0*\\d{1,2}';
const fields: readonly Field[] = [
  { key: 'minute', title: 'minute', allowed: '0-59', last: 59, entry: entryOf(number) },
  { key: 'hour', title: 'hour', allowed: '0-23', last: 23, entry: entryOf(number) },
  { key: 'dayOfMonth', title: 'day of month', allowed: '1-31', last: 31, entry: entryOf(number) },
  {
    key: 'month',
    title: 'month',
    allowed: '1-12 or JAN-DEC',
    last: 12,
    entry: entryOf(`${number}|${monthWords}`),
  },
  {
    key: 'dayOfWeek',
    title: 'day of week',
    allowed: '0-6 (0 is Sunday) or SUN-SAT',
    last: 6,
    entry: entryOf(`0*[0-6]|${weekdayWords}`),
  },
];
const five = 'minute, hour, day of month, month, day of week, as in 0 3 * * *';

/**
 * The schedule of a CronJob, in the dialect of Kubernetes. A problem says what is wrong and what is allowed. Refused
 * although the API server takes them: `@every`, which drifts, and dates that never come.
 */
export function parseCron(text: string): ParsedCron {
  if (/(?:CRON_)?TZ=/.test(text)) {
    return { problems: ['names a time zone: give it in the field for the time zone'] };
  }
  const trimmed = text.trim();
  const words = (macros[trimmed] ?? trimmed).split(/\s+/);
  if (trimmed.startsWith('@') && macros[trimmed] === undefined) return { problems: [macroProblem(trimmed)] };
  if (trimmed === '' || words.length !== fields.length) return { problems: [countProblem(words)] };
  const values = fields.map((field, index) => valuesOf(field, words[index] ?? ''));
  const problems = values.filter((value) => typeof value === 'string');
  if (problems.length > 0) return { problems };
  const lists = values.filter((value) => typeof value !== 'string');
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = lists;
  const eitherDay = !hasStar(words[2] ?? '') && !hasStar(words[4] ?? '');
  const cron = { minutes, hours, days, months, weekdays, eitherDay };
  return comes(cron) ? { cron } : { problems: [neverProblem(cron)] };
}

function macroProblem(text: string): string {
  if (text.startsWith('@every')) {
    return '@every counts from the last run and drifts: write fixed times, as in 0 */2 * * * for every second hour';
  }
  return `${quoted(text)} is no macro of a CronJob: it has ${Object.keys(macros).join(', ')}`;
}

function countProblem(words: readonly string[]): string {
  const count = words[0] === '' ? 0 : words.length;
  const seconds = count === fields.length + 1 ? '; a CronJob knows no seconds and no years' : '';
  return `has ${count} field${count === 1 ? '' : 's'} and must have five: ${five}${seconds}`;
}

function valuesOf(field: Field, text: string): readonly number[] | string {
  const problem = `${field.title} ${quoted(text)}: must be of ${field.allowed}, with * , - and / only`;
  if (!text.split(',').every((entry) => field.entry.test(entry))) {
    return /[LWH#]/i.test(text.replaceAll(new RegExp(`${monthWords}|${weekdayWords}`, 'gi'), ''))
      ? `${problem}; a CronJob knows no L, W, # and H`
      : problem;
  }
  try {
    const values = text.split(',').flatMap((entry) => valuesOfEntry(field, entry));
    return [...new Set(values)].toSorted((a, b) => a - b);
  } catch {
    return problem;
  }
}

/** Entry by entry, because cron-parser refuses lists that overlap; it throws where the API server refuses an entry. */
function valuesOfEntry({ key, last }: Field, entry: string): readonly number[] {
  // cron-parser's week ends with a second Sunday.
  const closed = entry.replace(/^([^*?/-]+)\//, `$1-${last}/`);
  const alone = fields.map((field) => (field.key === key ? closed : '*')).join(' ');
  const values = CronExpressionParser.parse(alone).fields[key].values.map(Number);
  return values.filter((value) => value <= last);
}

/** As the controller's parser sees it: `*` and `?`, and a step of one, but no longer one. */
function hasStar(text: string): boolean {
  return text.split(',').some((entry) => /^[*?](?:\/0*1)?$/.test(entry));
}

/** Days of each month, February in a leap year. */
export const longestMonths: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function comes({ days, months, eitherDay }: Cron): boolean {
  return eitherDay || months.some((month) => (days[0] ?? 0) <= (longestMonths[month - 1] ?? 0));
}

function neverProblem({ days, months }: Cron): string {
  const named = joined(months.map((month) => monthNames[month - 1] ?? ''));
  return `never comes: there is no day ${days.join(' or ')} in ${named}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
