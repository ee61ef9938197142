import { longestMonths, type Cron } from './cron.ts';
import { dayMatches, nextRuns } from './next-runs.ts';
import { clock, joined, listed, monthNames, weekdayNames } from './words.ts';
import { transitions, wallAt, type Zone } from './zone.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A zone changes its clock twice a year, or never. */
const lookAheadMs = 366 * dayMs;
/** How long before a day the search for its runs begins, so that it comes upon the day as the controller does. */
const approachMs = 36 * 60 * minuteMs;
/** More times than these are counted. */
const mostTimes = 4;

/** What a person may not expect of the schedule: dates that rarely come, days on which the clock is changed. */
export function scheduleWarnings(cron: Cron, zone: Zone, now: number): readonly string[] {
  return [
    ...dateWarnings(cron, new Date(wallAt(zone, now)).getUTCFullYear()),
    ...clockWarnings(cron, zone, now),
  ];
}

function dateWarnings({ days, weekdays, months, eitherDay }: Cron, year: number): readonly string[] {
  const first = days[0] ?? 1;
  const without = months.filter((month) => (longestMonths[month - 1] ?? 0) < first);
  const named = listed(without, (month) => monthNames[month - 1] ?? '');
  if (eitherDay) {
    const all = days.length === 31 || weekdays.length === 7;
    const result = all ? ': that is every day' : '';
    return [`Day of month and day of week are both given: a day of either has a run${result}`];
  }
  const leapOnly = first === 29 && months.includes(2);
  if (leapOnly && months.length === 1) {
    return [`Comes only in leap years: the next 29 February is in ${leapYearFrom(year)}`];
  }
  return [
    ...(without.length > 0 ? [`No run in ${named}: no day ${first} there`] : []),
    ...(leapOnly ? ['A run in February in leap years only'] : []),
  ];
}

function leapYearFrom(year: number): number {
  return new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1 ? year : leapYearFrom(year + 1);
}

/** The next day of each kind: where runs are left out, and where they come twice. */
function clockWarnings(cron: Cron, zone: Zone, now: number): readonly string[] {
  // With a run in each hour, the time between runs stays what it is.
  if (cron.hours.length === 24) return [];
  const days = transitions(zone, now, now + lookAheadMs).flatMap(({ instant, before, after }) => {
    const how = after > before ? 'forward' : 'back';
    const starts = [instant - 1 + before, instant + after].map((wall) => Math.floor(wall / dayMs) * dayMs);
    return [...new Set(starts)].map((day) => ({ how, ...changedRuns(cron, zone, day) }));
  });
  const lost = days.find(({ missing }) => missing.length > 0);
  const twice = days.find(({ doubled }) => doubled.length > 0);
  return [
    ...(lost === undefined ? [] : [`No run ${when(lost.missing)}: the clock is put ${lost.how}`]),
    ...(twice === undefined ? [] : [`Runs twice ${when(twice.doubled)}: the clock is put ${twice.how}`]),
  ];
}

interface ChangedRuns {
  /** As wall clock times. */
  readonly missing: readonly number[];
  readonly doubled: readonly number[];
}

/** What the runs of a day lack and repeat, compared with what the schedule says of the wall clock. */
function changedRuns(cron: Cron, zone: Zone, day: number): ChangedRuns {
  const expected = timesOf(cron, day);
  const counts = new Map<number, number>();
  // `day` is as if the zone were UTC: no zone is farther from it than 14 hours.
  const end = day + 2 * dayMs;
  let last = day - approachMs;
  while (expected.length > 0 && last < end) {
    const [next] = nextRuns(cron, zone, last, 1);
    if (next === undefined) break;
    const wall = wallAt(zone, next);
    counts.set(wall, (counts.get(wall) ?? 0) + 1);
    last = next;
  }
  return {
    missing: expected.filter((wall) => !counts.has(wall)),
    doubled: expected.filter((wall) => (counts.get(wall) ?? 0) > 1),
  };
}

function timesOf(cron: Cron, day: number): readonly number[] {
  const date = new Date(day);
  if (!cron.months.includes(date.getUTCMonth() + 1) || !dayMatches(cron, date)) return [];
  return cron.hours.flatMap((hour) => cron.minutes.map((minute) => day + (hour * 60 + minute) * minuteMs));
}

/** `on Sunday 29 March 2026 at 02:30`, of times of one day. */
function when(walls: readonly number[]): string {
  const day = new Date(walls[0] ?? 0);
  const times = walls.map((wall) => clock(new Date(wall).getUTCHours(), new Date(wall).getUTCMinutes()));
  const told =
    times.length <= mostTimes
      ? joined(times)
      : `${times.length} times from ${times[0] ?? ''} to ${times.at(-1) ?? ''}`;
  const month = monthNames[day.getUTCMonth()] ?? '';
  const date = `${weekdayNames[day.getUTCDay()] ?? ''} ${day.getUTCDate()} ${month} ${day.getUTCFullYear()}`;
  return `on ${date} at ${told}`;
}
