import type { WireJob } from '../../wire/job.ts';
import type { RunList, RunSummary } from '../../wire/run.ts';
import type { RunChoice } from '../api/queries.ts';

/** Pages of a list of runs, the newest first, as react-query keeps them. */
export interface RunPages {
  readonly pages: readonly RunList[];
  readonly pageParams: readonly unknown[];
}

/** Puts what an event says of a run where the list has it, or on top where it is new; out where it no longer fits. */
export function foldRun<Pages extends RunPages>(list: Pages, run: RunSummary, choice: RunChoice): Pages {
  const fits = fitsChoice(run, choice);
  const known = list.pages.some((page) => page.runs.some(({ uid }) => uid === run.uid));
  if (!known && !(fits && isNewest(list, run))) return list;
  return {
    ...list,
    pages: list.pages.map((page, index) => ({
      ...page,
      runs: known
        ? page.runs.flatMap((one) => (one.uid !== run.uid ? [one] : fits ? [run] : []))
        : index === 0
          ? [run, ...page.runs]
          : page.runs,
    })),
  };
}

/** An older run that the list does not show yet belongs to a page that has not been loaded. */
function isNewest({ pages }: RunPages, run: RunSummary): boolean {
  const newest = pages[0]?.runs[0];
  return newest === undefined || newest.createdAt <= run.createdAt;
}

function fitsChoice(run: RunSummary, choice: RunChoice): boolean {
  return (
    (choice.job === undefined || choice.job === run.job) &&
    (choice.result === undefined || choice.result === run.result) &&
    (choice.phase === undefined || choice.phase === run.phase) &&
    (choice.trigger === undefined || choice.trigger === run.trigger.kind)
  );
}

const shownRuns = 20;

/** Puts a run among the last ones of its job. */
export function foldIntoJob(job: WireJob, run: RunSummary): WireJob {
  if (run.job !== job.name) return job;
  const last: WireJob['lastRuns'][number] = {
    uid: run.uid,
    name: run.name,
    phase: run.phase,
    createdAt: run.createdAt,
    ...(run.result === undefined ? {} : { result: run.result }),
    ...(run.startedAt === undefined || run.endedAt === undefined
      ? {}
      : { seconds: (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000 }),
  };
  const others = job.lastRuns.filter(({ uid }) => uid !== run.uid);
  const lastRuns = [last, ...others].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  return { ...job, lastRuns: lastRuns.slice(0, shownRuns) };
}
