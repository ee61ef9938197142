import type { LogReport, RunRef } from '../../contract/ingestion.ts';
import { createLineSplitter } from '../lines.ts';
import { readEntry } from '../spool/entry.ts';
import type { SpoolKey } from '../spool/spool.ts';

/** How far a spooled log was taken. */
export interface LogProgress {
  readonly byte: number;
  /** Stamp of the last line, and how many lines carry it. */
  readonly lastAt: string | undefined;
  readonly count: number;
  readonly ended: boolean;
}

export const logStart: LogProgress = { byte: 0, lastAt: undefined, count: 0, ended: false };

/** A piece of a spooled log as a report, and how far the log is taken with it. */
export function logPart(
  run: RunRef,
  { podUid, container, execution }: SpoolKey,
  from: LogProgress,
  piece: { readonly text: string; readonly next: number },
): { readonly report: LogReport; readonly progress: LogProgress } {
  const lines: LogReport['lines'] = [];
  const gaps: LogReport['gaps'] = [];
  let { lastAt, count } = from;
  let end: LogReport['end'];
  for (const line of createLineSplitter(Infinity).push(piece.text)) {
    const entry = readEntry(line);
    if (entry?.is === 'end') end = entry.end;
    if (entry?.is === 'gap')
      gaps.push({ ...(lastAt !== undefined && { after: lastAt }), reason: entry.reason });
    if (entry?.is !== 'line') continue;
    count = entry.at === lastAt ? count + 1 : 1;
    lastAt = entry.at;
    lines.push({ at: entry.at, n: count - 1, text: entry.text });
  }
  return {
    report: {
      kind: 'log',
      run,
      attempt: podUid,
      container,
      execution,
      lines,
      gaps,
      ...(end !== undefined && { end }),
    },
    progress: { byte: piece.next, lastAt, count, ended: end !== undefined },
  };
}
