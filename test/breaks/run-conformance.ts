/**
 * Started in a broken tree: crosses all cases with the engines of ENGINES and prints, as JSON, what each case covers and whether it
 * is red on one of them.
 */
import { readConfig } from '../conformance/config.ts';
import { runConformance } from '../conformance/conformance.ts';
import { verdictOf } from '../conformance/divergences.ts';

const { cases, runs, divergences } = await runConformance(readConfig(), (line) => console.error(line));
const red = (name: string): boolean =>
  runs.some((run) => ['failed', 'healed'].includes(verdictOf(run, name, divergences)?.kind ?? ''));
console.log(
  JSON.stringify({
    tests: cases.map(({ name, clauses, threats }) => ({
      name,
      ids: [...clauses, ...threats],
      red: red(name),
    })),
    faults: runs.flatMap(({ engine, faults, notRun }) =>
      [...faults, ...(notRun === undefined ? [] : [`not run: ${notRun}`])].map(
        (fault) => `${engine}: ${fault}`,
      ),
    ),
  }),
);
