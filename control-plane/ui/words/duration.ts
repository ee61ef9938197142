const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** As `0.4s`, `12s`, `1m 12s`, `2h 5m`, `3d 4h`: two units at most, tenths only below ten seconds. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 9.95) return `${trimmed(seconds)}s`;
  const whole = Math.round(seconds);
  if (whole < minute) return `${whole}s`;
  if (whole < hour) return pair(whole, minute, 'm', 1, 's');
  if (whole < day) return pair(whole, hour, 'h', minute, 'm');
  return pair(whole, day, 'd', hour, 'h');
}

function trimmed(seconds: number): string {
  return seconds.toFixed(1).replace(/\.0$/, '');
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  const first = `${Math.floor(seconds / large)}${largeUnit}`;
  return rest === 0 ? first : `${first} ${rest}${smallUnit}`;
}

/** Seconds between two instants; until `now` where the second is not known. */
export function secondsBetween(startedAt: string, endedAt: string | undefined, now: number): number {
  const end = endedAt === undefined ? now : Date.parse(endedAt);
  return Math.max(0, (end - Date.parse(startedAt)) / 1000);
}
