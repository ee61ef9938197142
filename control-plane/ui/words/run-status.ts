import type { RunSummary } from '../../wire/run.ts';

export type RunStatus = 'succeeded' | 'failed' | 'running' | 'queued' | 'cancelled' | 'unknown';

export const statusWords: Readonly<Record<RunStatus, string>> = {
  succeeded: 'Succeeded',
  failed: 'Failed',
  running: 'Running',
  queued: 'Queued',
  cancelled: 'Cancelled',
  unknown: 'Unknown',
};

/** The one word of a run: what it is doing, or how it ended. */
export function statusOf({
  phase,
  result,
}: {
  phase: RunSummary['phase'];
  result?: string | undefined;
}): RunStatus {
  if (phase === 'pending') return 'queued';
  if (phase === 'running') return 'running';
  return result === 'succeeded' || result === 'failed' || result === 'cancelled' ? result : 'unknown';
}
