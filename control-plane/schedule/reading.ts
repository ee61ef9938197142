import type { Cron } from './cron.ts';
import { clock, joined, listed, monthNames, weekdayNames } from './words.ts';

/** More times of a day than these are told as a rule. */
const mostTimes = 6;

/**
 * The schedule in a sentence, of its values and not of its letters: two schedules that differ in when they run never read
 * alike.
 */
export function reading(cron: Cron): string {
  const days = whichDays(cron);
  const months = cron.months.length === 12 ? '' : listed(cron.months, (month) => monthNames[month - 1] ?? '');
  const inMonths = months === '' ? '' : ` in ${months}`;
  const times = clockTimes(cron);
  if (times === undefined) {
    const rule = timeRule(cron);
    const [between, what] = days.kind === 'all' ? ['', inMonths] : [' ', datePhrase(days, months)];
    return sentence(`${rule}${rule.includes(' from ') && between !== '' ? ', ' : between}${what}`);
  }
  if (days.kind === 'all') return `Every day at ${times}${inMonths}`;
  if (days.kind === 'weekdays' && days.weekdays.length === 1) {
    return `Every ${weekdayNames[days.weekdays[0] ?? 0] ?? ''} at ${times}${inMonths}`;
  }
  return `At ${times} ${datePhrase(days, months)}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `03:00 and 15:00`; undefined where there are too many to tell one by one. */
function clockTimes({ minutes, hours }: Cron): string | undefined {
  if (minutes.length * hours.length > mostTimes) return undefined;
  return joined(hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute))));
}

function timeRule({ minutes, hours }: Cron): string {
  const step = evenStep(minutes, 60);
  const often = step === 1 ? 'every minute' : `every ${step ?? 0} minutes`;
  const [first = 0, last = 0] = [hours[0], hours.at(-1)];
  const [early = 0, late = 0] = [minutes[0], minutes.at(-1)];
  if (hours.length === 24) {
    if (step !== undefined) return often;
    return minutes.length === 1 && early === 0 ? 'every hour' : `${atMinutes(minutes)} of every hour`;
  }
  if (last - first === hours.length - 1) {
    const window = `from ${clock(first, early)} to ${clock(last, late)}`;
    if (step !== undefined) return `${often} ${window}`;
    if (minutes.length === 1) return `every hour ${window}`;
  }
  const hourStep = evenStep(hours, 24);
  const which =
    hourStep === undefined
      ? `of hour${hours.length === 1 ? '' : 's'} ${listed(hours, String)}`
      : `of every ${hourStep}${ordinal(hourStep)} hour`;
  return `${step === undefined ? atMinutes(minutes) : often} ${which}`;
}

function atMinutes(minutes: readonly number[]): string {
  return `at minute${minutes.length === 1 ? '' : 's'} ${listed(minutes, String)}`;
}

function ordinal(step: number): string {
  return step === 2 ? 'nd' : step === 3 ? 'rd' : 'th';
}

/** The step of values that divide `size` evenly from 0 on. */
function evenStep(values: readonly number[], size: number): number | undefined {
  const step = size / values.length;
  if (values.length < 2 || !Number.isInteger(step)) return undefined;
  return values.every((value, index) => value === index * step) ? step : undefined;
}

type Days =
  | { readonly kind: 'all' }
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'days'; readonly days: readonly number[] }
  | { readonly kind: 'either'; readonly days: readonly number[]; readonly weekdays: readonly number[] };

function whichDays({ days, weekdays, eitherDay }: Cron): Days {
  const [everyDay, everyWeekday] = [days.length === 31, weekdays.length === 7];
  if (eitherDay) return everyDay || everyWeekday ? { kind: 'all' } : { kind: 'either', days, weekdays };
  if (everyDay) return everyWeekday ? { kind: 'all' } : { kind: 'weekdays', weekdays };
  return { kind: 'days', days };
}

function datePhrase(days: Exclude<Days, { kind: 'all' }>, months: string): string {
  switch (days.kind) {
    case 'weekdays':
      return `${onWeekdays(days.weekdays)}${months === '' ? '' : ` in ${months}`}`;
    case 'days':
      return `${onDays(days.days)} of ${months === '' ? 'the month' : months}`;
    case 'either': {
      const weekdays = fromMonday(days.weekdays).map((day) => `every ${weekdayNames[day] ?? ''}`);
      return `${onDays(days.days)} of the month and on ${joined(weekdays)}${months === '' ? '' : `, in ${months}`}`;
    }
  }
}

function onDays(days: readonly number[]): string {
  return `on day${days.length === 1 ? '' : 's'} ${listed(days, String)}`;
}

function onWeekdays(weekdays: readonly number[]): string {
  const week = fromMonday(weekdays).map((day) => (day === 0 ? 7 : day));
  const word = (day: number) => weekdayNames[day % 7] ?? '';
  const [first = 0, last = 0] = [week[0], week.at(-1)];
  if (week.length > 2 && last - first === week.length - 1) return `from ${word(first)} to ${word(last)}`;
  return `on ${joined(week.map(word))}`;
}

function fromMonday(weekdays: readonly number[]): readonly number[] {
  return [...weekdays.filter((day) => day !== 0), ...weekdays.filter((day) => day === 0)];
}
