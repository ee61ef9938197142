import type { WireJob } from '../../wire/job.ts';
import { statusOf } from '../words/run-status.ts';
import type { RunStatus } from '../words/run-status.ts';

type LastRun = WireJob['lastRuns'][number];

export interface Bar {
  readonly run: LastRun;
  readonly status: RunStatus;
  /** From 0, the oldest. The newest stands in the last place, however few there are. */
  readonly place: number;
  /** Of the room there is, from 0 to 1. */
  readonly height: number;
}

export const barPlaces = 20;

/** A short run must be seen and pressed, too. */
const leastHeight = 0.25;
/** Of a run whose length is not known. */
const unknownHeight = 0.5;

/** A bar a run, as high as it was long. `runs`: the newest first. */
export function barsOf(runs: readonly LastRun[]): readonly Bar[] {
  const shown = runs.slice(0, barPlaces);
  const longest = Math.max(...shown.map(({ seconds }) => seconds ?? 0));
  return shown
    .map((run, index) => ({
      run,
      status: statusOf(run),
      place: barPlaces - 1 - index,
      height: heightOf(run.seconds, longest),
    }))
    .toReversed();
}

function heightOf(seconds: number | undefined, longest: number): number {
  if (seconds === undefined || longest === 0) return unknownHeight;
  return leastHeight + (1 - leastHeight) * (seconds / longest);
}

/** As `Last 20 runs: 17 succeeded, 2 failed, 1 running`. */
export function barsInWords(bars: readonly Bar[]): string {
  const counts = Map.groupBy(bars, ({ status }) => status);
  const parts = [...counts].map(([status, of]) => `${of.length} ${status}`);
  return `Last ${bars.length === 1 ? 'run' : `${bars.length} runs`}: ${parts.join(', ')}`;
}
