const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** As `just now`, `12 min ago`, `in 3 h`, `yesterday`: short, for a reader who scans a column. */
export function relative(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  const distance = Math.abs(seconds);
  const worded = (amount: string): string => (seconds > 0 ? `in ${amount}` : `${amount} ago`);
  if (distance < 10) return seconds > 0 ? 'in a moment' : 'just now';
  if (distance < minute) return worded(`${distance} s`);
  if (distance < hour) return worded(`${Math.floor(distance / minute)} min`);
  if (distance < 2 * day) return worded(`${Math.floor(distance / hour)} h`);
  if (distance < 60 * day) return worded(`${Math.floor(distance / day)} days`);
  return worded(`${Math.floor(distance / (30 * day))} months`);
}

/** As `Sun 1 Mar 2026, 06:00:00`, in a zone of the tz database. */
export function exact(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return part(parts.formatToParts(new Date(at)), 'weekday day month year, hour:minute:second');
}

/** The day in words where it is near, as `today 15:00`, `tomorrow 06:00`, else `Sun 1 Mar, 06:00`. */
export function nearDay(at: string, zone: string, now: number): string {
  const timeZone = isKnown(zone) ? zone : 'UTC';
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = clock.formatToParts(new Date(at));
  const distance = dayNumber(Date.parse(at), timeZone) - dayNumber(now, timeZone);
  const near = ['today', 'tomorrow'][distance];
  const words =
    near === undefined
      ? part(parts, 'weekday day month, hour:minute')
      : `${near} ${part(parts, 'hour:minute')}`;
  return timeZone === zone ? words : `${words} UTC`;
}

/** A cluster may know a zone that is newer than the browser. */
function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The reader's own zone and UTC: what stands behind a relative time. */
export function inBothZones(at: string, timeZone: string): string {
  const utc = new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  return `${exact(at, timeZone)} ${timeZone}\n${utc} UTC`;
}

function dayNumber(instant: number, timeZone: string): number {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(instant));
  return Math.round(Date.parse(date) / (day * 1000));
}

function part(parts: readonly Intl.DateTimeFormatPart[], template: string): string {
  return template.replace(/[a-z]+/g, (type) => parts.find((one) => one.type === type)?.value ?? type);
}
