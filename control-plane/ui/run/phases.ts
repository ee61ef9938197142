import type { WireRun } from '../../wire/run.ts';
import { secondsBetween } from '../words/duration.ts';

export interface Phase {
  readonly name: 'Queued' | 'Clone' | 'dbt';
  readonly state: 'ahead' | 'active' | 'past';
  /** So far, while it is active. */
  readonly seconds: number;
}

type Attempt = WireRun['attempts'][number];

/** What the last attempt of a run has spent its time on. */
export function phasesOf(
  run: Pick<WireRun, 'createdAt' | 'endedAt' | 'attempts'>,
  now: number,
): readonly Phase[] {
  const attempt = run.attempts.at(-1);
  const queuedAt = run.attempts.length > 1 && attempt !== undefined ? attempt.createdAt : run.createdAt;
  const began = attempt?.clone?.startedAt ?? attempt?.dbt?.startedAt;
  return [
    phase('Queued', { startedAt: queuedAt, endedAt: began ?? run.endedAt }, run.endedAt, now),
    phase('Clone', attempt?.clone, run.endedAt, now),
    phase('dbt', attempt?.dbt, run.endedAt, now),
  ];
}

interface Span {
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
}

/** A span that nobody saw the end of ended with its run. */
function phase(
  name: Phase['name'],
  span: Span | undefined,
  runEndedAt: string | undefined,
  now: number,
): Phase {
  if (span === undefined) return { name, state: 'ahead', seconds: 0 };
  const endedAt = span.endedAt ?? runEndedAt;
  return {
    name,
    state: endedAt === undefined ? 'active' : 'past',
    seconds: secondsBetween(span.startedAt, endedAt, now),
  };
}

/** From the first to the last second of a run. */
export function wholeSeconds(run: Pick<WireRun, 'createdAt' | 'endedAt'>, now: number): number {
  return secondsBetween(run.createdAt, run.endedAt, now);
}

export function cloneOf(attempt: Attempt, now: number): number | undefined {
  return attempt.clone && secondsBetween(attempt.clone.startedAt, attempt.clone.endedAt, now);
}

export function dbtOf(attempt: Attempt, now: number): number | undefined {
  return attempt.dbt && secondsBetween(attempt.dbt.startedAt, attempt.dbt.endedAt, now);
}
