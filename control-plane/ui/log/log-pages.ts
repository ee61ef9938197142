import type { LogLine, LogRange, LogStreams } from '../../wire/log.ts';

/** Lines asked for at once: a screen shows fifty, and the API answers thousand in a few milliseconds. */
export const pageLines = 1000;

export const pageOf = (line: number): number => Math.floor(line / pageLines);

/** The pages on which the lines from `first` to `last` lie. */
export function pagesBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: pageOf(last) - pageOf(first) + 1 }, (_, index) => pageOf(first) + index);
}

/** How many lines a page holds by now. */
export function linesOn(page: number, total: number): number {
  return Math.max(0, Math.min(pageLines, total - page * pageLines));
}

/**
 * A page with lines that came live behind those it has. Undefined where they do not fit on: lines between are missing, and
 * the page is asked for when it is looked at.
 */
export function withLines(
  page: number,
  range: LogRange | undefined,
  lines: readonly LogLine[],
): LogRange | undefined {
  const known = range?.lines ?? [];
  const next = page * pageLines + known.length;
  const fresh = lines.filter(({ n }) => n >= next && pageOf(n) === page);
  const [first] = fresh;
  if (first === undefined || first.n !== next) return range;
  return { lines: [...known, ...fresh], total: next + fresh.length };
}

type Stream = LogStreams['streams'][number];

export interface LogEvent {
  readonly stream: string;
  readonly lines: readonly LogLine[];
  readonly end?: Stream['end'];
}

/** The streams with what an event says of one of them; undefined where it is of one that is not known yet. */
export function withEvent(known: LogStreams, { stream, lines, end }: LogEvent): LogStreams | undefined {
  if (!known.streams.some(({ id }) => id === stream)) return undefined;
  return { streams: known.streams.map((one) => (one.id === stream ? grown(one, lines, end) : one)) };
}

function grown(stream: Stream, lines: readonly LogLine[], end: Stream['end']): Stream {
  const firstError = stream.firstErrorLine ?? lines.find(({ level }) => level === 'error')?.n;
  return {
    ...stream,
    lines: Math.max(stream.lines, (lines.at(-1)?.n ?? -1) + 1),
    ...(firstError === undefined ? {} : { firstErrorLine: firstError }),
    ...(end === undefined ? {} : { end }),
  };
}

/** The one to open: of the container that decided the outcome, else the last that ran. */
export function streamToOpen(streams: readonly Stream[], container: string | undefined): Stream | undefined {
  return streams.findLast((one) => one.container === container) ?? streams.at(-1);
}
