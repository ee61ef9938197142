import { runFilter } from '../../wire/run.ts';
import type { RunChoice } from '../api/queries.ts';

const choice = runFilter.pick({ job: true, result: true, phase: true, trigger: true });

/** What the address chooses; what it says that is no choice is passed over. */
export function choiceIn(search: URLSearchParams): RunChoice {
  const given = Object.keys(choice.shape).flatMap((key) => {
    const parsed = choice.safeParse({ [key]: search.get(key) ?? undefined });
    return parsed.success ? Object.entries(parsed.data) : [];
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The same the other way round: `?job=nightly`, or nothing. */
export function searchOf(chosen: RunChoice): string {
  const given = Object.entries(chosen).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** The words of the filter: what is at work by its phase, what has ended by its result. */
export const statusChoices: Readonly<Record<string, RunChoice>> = {
  Queued: { phase: 'pending' },
  Running: { phase: 'running' },
  Succeeded: { result: 'succeeded' },
  Failed: { result: 'failed' },
  Cancelled: { result: 'cancelled' },
  Unknown: { result: 'unknown' },
};

export function statusChosen({ phase, result }: RunChoice): string {
  const chosen = Object.entries(statusChoices).find(
    ([, one]) => one.phase === phase && one.result === result,
  );
  return chosen?.[0] ?? '';
}
