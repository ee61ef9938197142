/** One line of a container's log and when the runtime took it. */
export interface StampedLine {
  /** RFC 3339 in UTC with nine digits: texts compare as instants do. */
  readonly at: string;
  readonly text: string;
}

const fixed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;
const general = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/**
 * A line of the log API with `timestamps=true`. Undefined for one without: that is what a kubelet says where it should
 * give the log ("unable to retrieve container logs …"), with status 200.
 */
export function parseStampedLine(line: string): StampedLine | undefined {
  const space = line.indexOf(' ');
  const stamp = space < 0 ? line : line.slice(0, space);
  const at = stamp.length > 40 ? undefined : canonical(stamp);
  return at === undefined ? undefined : { at, text: space < 0 ? '' : line.slice(space + 1) };
}

/** A node may keep another time than UTC, and change it in the night of a run. */
function canonical(stamp: string): string | undefined {
  if (fixed.test(stamp)) return stamp;
  const found = general.exec(stamp);
  if (found === null) return undefined;
  const [, seconds = '', fraction = '', zone = ''] = found;
  const instant = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(instant)) return undefined;
  return `${new Date(instant).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

/** The second of a stamp, which is all that `sinceTime` tells a kubelet. */
export function secondOf(at: string): string {
  return `${at.slice(0, 19)}Z`;
}
