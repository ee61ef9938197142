import { z } from 'zod';
import type { LogReport } from '../../contract/ingestion.ts';

/** Where lines of a log are missing: behind the lines of the stamp `after`, or before the first. */
export type Gap = LogReport['gaps'][number];
export type GapReason = Gap['reason'];

const document = z.array(
  z.object({ after: z.string().optional(), reason: z.enum(['rotated', 'unreadable', 'spool-full']) }),
);

export const readGaps = (text: string): readonly Gap[] => document.parse(JSON.parse(text));

/** Each once and sorted: the same text whichever came first. */
export function writeGaps(gaps: readonly Gap[]): string {
  const byKey = new Map(
    gaps.map(({ after, reason }) => [
      `${after ?? ''} ${reason}`,
      after === undefined ? { reason } : { after, reason },
    ]),
  );
  return JSON.stringify([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gap]) => gap));
}

/**
 * The gap that a reader meets between two lines that follow each other, by their stamps; `previous` is undefined before the
 * first.
 */
export function gapBetween(
  gaps: readonly Gap[],
  previous: string | undefined,
  next: string,
): GapReason | undefined {
  return gaps.find(({ after = '' }) => (previous === undefined || after >= previous) && after < next)?.reason;
}
