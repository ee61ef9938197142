import { runFilter, type RunFilter } from '../../../control-plane/wire/run.ts';
import type { Store } from '../../../control-plane/store/store.ts';
import { instantOf, jobOf, namespace, project, uidOf } from './runs.ts';
import { quantile } from './statistics.ts';

/** A page of 50 as the UI asks for it. */
const pages = {
  'the first page': () => ({}),
  'a page from anywhere': (count) => ({ before: cursor(random(count)) }),
  'of one job': () => ({ job: jobOf(random(50)) }),
  'of one job, from anywhere': (count) => ({ job: jobOf(random(50)), before: cursor(random(count)) }),
  'failed ones, one in a hundred': () => ({ result: 'failed' }),
  'by hand, from anywhere': (count) => ({ trigger: 'manual', before: cursor(random(count)) }),
} as const satisfies Record<string, (count: number) => Partial<RunFilter>>;

export type PageName = keyof typeof pages;
export const pageNames = Object.keys(pages) as PageName[];

const random = (below: number): number => Math.floor(Math.random() * below);
const cursor = (index: number): string => `${instantOf(index)}_${uidOf(index)}`;

export interface Arm {
  readonly store: Store;
  readonly runs: number;
}

/** Milliseconds of a page, until its answer is JSON; the arms in turn, so that whatever else runs here disturbs both. */
export async function timeList(
  arms: readonly Arm[],
  name: PageName,
  samples: number,
): Promise<readonly number[]> {
  const times = arms.map((): number[] => []);
  for (let sample = 0; sample < samples; sample += 1)
    for (const [at, { store, runs }] of arms.entries()) {
      const filter = { ...runFilter.parse({}), ...pages[name](runs) };
      const started = performance.now();
      const page = await store.runs.list(namespace, project, filter);
      JSON.stringify(page);
      times[at]?.push(performance.now() - started);
    }
  return times.map((of) => quantile(of, 0.95));
}
