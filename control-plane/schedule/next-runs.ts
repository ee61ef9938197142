import type { Cron } from './cron.ts';
import { instantOf, wallAt, type Zone } from './zone.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
/** What does not come within five years does not come, to the controller. */
const yearsAhead = 5;

/** Where the search has come to. */
interface Search {
  readonly cron: Cron;
  readonly zone: Zone;
  instant: number;
  /** The smaller units have been set to their beginning. */
  moved: boolean;
}

/**
 * The next `count` instants after `after` at which the controller of CronJobs creates a run. It is its own search, step by
 * step (https://github.com/robfig/cron/blob/v3.0.1/spec.go#L58), because no other gives the same on days when the clock is
 * changed: a time that is skipped is not made up for, a time that comes twice runs twice, and where midnight is skipped a
 * day can be passed over. cron-parser's own iteration does none of that.
 */
export function nextRuns(cron: Cron, zone: Zone, after: number, count: number): readonly number[] {
  const found: number[] = [];
  for (let last: number | undefined = after; found.length < count;) {
    last = nextRun(cron, zone, last);
    if (last === undefined) break;
    found.push(last);
  }
  return found;
}

function nextRun(cron: Cron, zone: Zone, after: number): number | undefined {
  const instant = Math.floor(after / secondMs) * secondMs + secondMs;
  const search: Search = { cron, zone, instant, moved: false };
  const lastYear = wall(search).getUTCFullYear() + yearsAhead;
  while (wall(search).getUTCFullYear() <= lastYear) {
    if (toMonth(search) && toDay(search) && toHour(search) && toMinute(search) && toSecond(search)) {
      return search.instant;
    }
  }
  return undefined;
}

/** The wall clock's fields are the UTC ones of this date. */
function wall({ zone, instant }: Search): Date {
  return new Date(wallAt(zone, instant));
}

function goTo(search: Search, wallMs: number): void {
  search.instant = instantOf(search.zone, wallMs);
}

function startOf(search: Search, unit: 'month' | 'day' | 'hour'): void {
  if (search.moved) return;
  search.moved = true;
  const now = wall(search);
  const day = unit === 'month' ? 1 : now.getUTCDate();
  const hour = unit === 'hour' ? now.getUTCHours() : 0;
  goTo(search, Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day, hour));
}

// Each of the following goes to the first match of its unit. False: the next greater unit has changed on the way, and the
// search begins anew from there.

function toMonth(search: Search): boolean {
  while (!search.cron.months.includes(wall(search).getUTCMonth() + 1)) {
    startOf(search, 'month');
    const next = wall(search);
    next.setUTCMonth(next.getUTCMonth() + 1);
    goTo(search, next.getTime());
    if (wall(search).getUTCMonth() === 0) return false;
  }
  return true;
}

function toDay(search: Search): boolean {
  while (!dayMatches(search.cron, wall(search))) {
    startOf(search, 'day');
    const next = wall(search);
    next.setUTCDate(next.getUTCDate() + 1);
    goTo(search, next.getTime());
    const hour = wall(search).getUTCHours();
    if (hour !== 0) search.instant += (hour > 12 ? 24 - hour : -hour) * hourMs;
    if (wall(search).getUTCDate() === 1) return false;
  }
  return true;
}

function toHour(search: Search): boolean {
  while (!search.cron.hours.includes(wall(search).getUTCHours())) {
    startOf(search, 'hour');
    search.instant += hourMs;
    if (wall(search).getUTCHours() === 0) return false;
  }
  return true;
}

function toMinute(search: Search): boolean {
  while (!search.cron.minutes.includes(wall(search).getUTCMinutes())) {
    if (!search.moved) search.instant = Math.floor(search.instant / minuteMs) * minuteMs;
    search.moved = true;
    search.instant += minuteMs;
    if (wall(search).getUTCMinutes() === 0) return false;
  }
  return true;
}

function toSecond(search: Search): boolean {
  if (search.instant % minuteMs === 0) return true;
  search.moved = true;
  search.instant = Math.ceil(search.instant / minuteMs) * minuteMs;
  return false;
}

/** Whether a day, as if it were UTC, is one of the schedule's; its month is not looked at. */
export function dayMatches({ days, weekdays, eitherDay }: Cron, day: Date): boolean {
  const [ofMonth, ofWeek] = [days.includes(day.getUTCDate()), weekdays.includes(day.getUTCDay())];
  return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}
