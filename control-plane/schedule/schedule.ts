import type { JobSettings, WireSchedule } from '../wire/job.ts';
import { parseCron } from './cron.ts';
import { nextRuns } from './next-runs.ts';
import { reading } from './reading.ts';
import { scheduleWarnings } from './warnings.ts';
import { findZone } from './zone.ts';

type Asked = JobSettings['schedule'];

export interface FieldProblem {
  readonly field: keyof Asked;
  readonly message: string;
}

/** What a page has room for. */
const shownRuns = 5;

/** What is wrong with a schedule, all at once; empty where a CronJob can keep it. */
export function scheduleProblems({ cron, timeZone }: Asked): readonly FieldProblem[] {
  const parsed = parseCron(cron);
  const problems = 'problems' in parsed ? parsed.problems : [];
  return [
    ...problems.map((message): FieldProblem => ({ field: 'cron', message })),
    ...(findZone(timeZone) === undefined
      ? [{ field: 'timeZone', message: zoneProblem(timeZone) } as const]
      : []),
  ];
}

/**
 * How a schedule reads and when it comes next. One that is refused is shown as it is written, its problems as warnings: a
 * CronJob can hold what nobody would be allowed to save here.
 */
export function describeSchedule(asked: Asked, now: number): WireSchedule {
  const parsed = parseCron(asked.cron);
  const zone = findZone(asked.timeZone);
  if ('problems' in parsed || zone === undefined) {
    const warnings = scheduleProblems(asked).map(({ field, message }) => `${field} ${message}`);
    return { ...asked, reading: asked.cron, next: [], warnings };
  }
  const next = nextRuns(parsed.cron, zone, now, shownRuns);
  return {
    ...asked,
    reading: reading(parsed.cron),
    next: next.map((instant) => new Date(instant).toISOString()),
    warnings: [...scheduleWarnings(parsed.cron, zone, now)],
  };
}

function zoneProblem(name: string): string {
  const shown = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
  return `${shown} must be UTC or a time zone of the IANA list, in its spelling: Europe/Amsterdam, America/New_York`;
}
