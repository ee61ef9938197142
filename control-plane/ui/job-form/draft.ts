import type { JobSettings } from '../../wire/job.ts';
import { duration } from '../words/duration.ts';
import { parseDuration } from '../words/parse-duration.ts';
import { joinWords, splitWords } from './words.ts';

/** The form as it is typed. */
export interface Draft {
  readonly name: string;
  readonly command: JobSettings['command'];
  readonly select: string;
  readonly exclude: string;
  readonly selector: string;
  readonly target: string;
  readonly threads: string;
  readonly fullRefresh: boolean;
  readonly failFast: boolean;
  readonly vars: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly overlap: JobSettings['overlap'];
  readonly timeout: string;
  readonly retries: string;
  /** Undefined: on where Slack is connected. */
  readonly slack: boolean | undefined;
  readonly channel: string;
  readonly paused: boolean;
}

export type Field = keyof Draft;

export function emptyDraft(timeZone: string): Draft {
  return {
    name: '',
    command: 'build',
    select: '',
    exclude: '',
    selector: '',
    target: '',
    threads: '',
    fullRefresh: false,
    failFast: false,
    vars: '',
    cron: '0 6 * * *',
    timeZone,
    overlap: 'Forbid',
    timeout: '',
    retries: '0',
    slack: undefined,
    channel: '',
    paused: false,
  };
}

export function draftOf(name: string, settings: JobSettings): Draft {
  const { command, options, schedule, overlap, timeoutSeconds, retries, alerts, paused } = settings;
  return {
    name,
    command,
    select: joinWords(options.select ?? []),
    exclude: joinWords(options.exclude ?? []),
    selector: options.selector ?? '',
    target: options.target ?? '',
    threads: options.threads?.toString() ?? '',
    fullRefresh: options.fullRefresh ?? false,
    failFast: options.failFast ?? false,
    vars: options.vars ?? '',
    cron: schedule.cron,
    timeZone: schedule.timeZone,
    overlap,
    timeout: timeoutSeconds === undefined ? '' : exactDuration(timeoutSeconds),
    retries: String(retries),
    slack: alerts.slack,
    channel: alerts.channel ?? '',
    paused,
  };
}

/** dbt test and dbt snapshot refuse --full-refresh. */
export function takesFullRefresh(command: JobSettings['command']): boolean {
  return command !== 'test' && command !== 'snapshot';
}

/** What would be saved; not yet known to be right. Fields that are empty are absent. */
export function settingsOf(draft: Draft, slackConnected: boolean) {
  const { command, overlap, paused } = draft;
  const text = (value: string) => (value.trim() === '' ? undefined : value.trim());
  const words = (value: string) => (value.trim() === '' ? undefined : splitWords(value));
  const channel = text(draft.channel);
  return {
    command,
    options: given({
      select: words(draft.select),
      exclude: words(draft.exclude),
      selector: text(draft.selector),
      target: text(draft.target),
      threads: number(draft.threads),
      fullRefresh: (draft.fullRefresh && takesFullRefresh(command)) || undefined,
      failFast: draft.failFast || undefined,
      vars: text(draft.vars),
    }),
    schedule: { cron: draft.cron.trim().replace(/\s+/g, ' '), timeZone: draft.timeZone },
    overlap,
    ...given({
      timeoutSeconds: draft.timeout.trim() === '' ? undefined : (parseDuration(draft.timeout) ?? Number.NaN),
    }),
    retries: number(draft.retries) ?? 0,
    alerts: { slack: draft.slack ?? slackConnected, ...given({ channel }) },
    paused,
  };
}

/** Of "eight" as well, so that the schema can say what is wrong with it. */
function number(value: string): number | undefined {
  return value.trim() === '' ? undefined : Number(value);
}

function given(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** `duration` rounds to two units: here the same number of seconds has to come back. */
function exactDuration(seconds: number): string {
  const short = duration(seconds);
  return parseDuration(short) === seconds ? short : `${seconds}s`;
}
