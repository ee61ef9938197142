const dayMs = 86_400_000;

/** A time zone's rule: how far its wall clock is from UTC. */
export interface Zone {
  readonly name: string;
  /** Milliseconds that the wall clock is ahead of UTC at an instant. */
  readonly offsetAt: (instant: number) => number;
}

/** Where the wall clock is put forward or back. */
export interface Transition {
  readonly instant: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Names as Kubernetes takes them: of the IANA list, in its own case. JavaScript knows further ones, as PST and +02:00,
 * which a CronJob could not use.
 */
const zoneName = /^(?:UTC|GMT|[A-Z][A-Za-z]*(?:\/[A-Z][A-Za-z0-9_+-]*)+)$/;

/** Those asked for so far: what a zone has been asked stays known. */
const zones = new Map<string, Zone>();

/** Undefined for a name that is no zone's. */
export function findZone(name: string): Zone | undefined {
  const zone = zones.get(name) ?? readZone(name);
  if (zone !== undefined) zones.set(name, zone);
  return zone;
}

function readZone(name: string): Zone | undefined {
  if (!zoneName.test(name)) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    return { name, offsetAt: byDay((instant) => offsetOf(format, instant)) };
  } catch {
    return undefined;
  }
}

/** Formatting is slow, and few days have more than one offset. */
function byDay(offsetAt: Zone['offsetAt']): Zone['offsetAt'] {
  const known = new Map<number, number | 'changes'>();
  const ofDay = (start: number) => {
    const [first, last] = [offsetAt(start), offsetAt(start + dayMs)];
    return first === last ? first : 'changes';
  };
  return (instant) => {
    const start = Math.floor(instant / dayMs) * dayMs;
    const offset = known.get(start) ?? ofDay(start);
    known.set(start, offset);
    return offset === 'changes' ? offsetAt(instant) : offset;
  };
}

/** Of `GMT`, `GMT+02:00` and, in old times, `GMT-00:25:21`. */
function offsetOf(format: Intl.DateTimeFormat, instant: number): number {
  const text = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(text) ?? [];
  const ahead = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000;
  return sign === '-' ? -ahead : ahead;
}

/** What the wall clock shows, as if it were UTC. */
export function wallAt(zone: Zone, instant: number): number {
  return instant + zone.offsetAt(instant);
}

/**
 * The instant at which the wall clock shows `wall`; of a time that is skipped or comes twice, the one that Go's
 * time.Date takes, because the controller of CronJobs is written with it.
 */
export function instantOf(zone: Zone, wall: number): number {
  const offset = zone.offsetAt(wall);
  return offset === 0 ? wall : wall - zone.offsetAt(wall - offset);
}

/** Those after `from`, up to `until`. */
export function transitions(zone: Zone, from: number, until: number): readonly Transition[] {
  const found: Transition[] = [];
  for (let start = from; start < until; start += dayMs) {
    const [before, after] = [zone.offsetAt(start), zone.offsetAt(start + dayMs)];
    if (before === after) continue;
    let [early, late] = [start, start + dayMs];
    while (late - early > 1000) {
      const middle = Math.floor((early + late) / 2000) * 1000;
      if (zone.offsetAt(middle) === before) early = middle;
      else late = middle;
    }
    found.push({ instant: late, before, after });
  }
  return found;
}
