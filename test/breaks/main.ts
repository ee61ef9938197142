/**
 * Breaks the project on purpose, one patch after the other, and says whether the tests notice: `node test/breaks/main.ts [path…]`,
 * where a path is the beginning of a patch's, such as `webhook/` or `watcher/J7`. README.md has the rules and the format.
 */
import { clusterDown, clusterUp } from '../cluster/cluster.ts';
import { settingsFrom } from '../cluster/config.ts';
import { environment } from '../config.ts';
import { install } from '../kyverno/install.ts';
import type { Break, Tested } from './break.ts';
import { judgeBreak } from './break.ts';
import { makeBrokenTree } from './broken-tree.ts';
import { readBreaks } from './read-breaks.ts';
import type { Suite } from './suites.ts';
import { suites } from './suites.ts';

/** A cluster of its own, with no chart in it: what a chart installed would be tested instead of the broken tree. */
const breaksEnvironment = {
  ...environment,
  CLUSTER_NAME: `${environment['CLUSTER_NAME'] ?? 'dbt-jobs'}-breaks`,
  DBT_JOBS_KUBECONFIG: undefined,
};
const settings = settingsFrom(breaksEnvironment);

const quiet = (): void => undefined;

interface Outcome {
  readonly faults: readonly string[];
  readonly tests: readonly Tested[];
}

async function tryBreak(one: Break, suite: Suite): Promise<Outcome> {
  try {
    const tree = makeBrokenTree(one);
    try {
      const tests = await suite.run(tree.folder, breaksEnvironment);
      return { tests, faults: judgeBreak(one, tests) };
    } finally {
      tree.remove();
    }
  } catch (error) {
    return { tests: [], faults: [error instanceof Error ? error.message : String(error)] };
  }
}

/** One line, and below it what is wrong; what turned red is given as the patch would list it. */
function describe(one: Break, { faults, tests }: Outcome, seconds: number): string {
  const red = tests.filter((test) => test.red).map(({ name }) => name);
  const verdict = faults.length === 0 ? 'noticed' : 'NOT NOTICED AS IT SHOULD BE';
  const line = `${one.path.padEnd(60)} ${String(red.length).padStart(4)} red of ${tests.length}  ${seconds.toFixed(0).padStart(4)} s  ${verdict}`;
  if (faults.length === 0) return line;
  return [line, ...faults.map((fault) => `    ${fault}`), ...red.map((name) => `  Red: ${name}`)].join('\n');
}

/** How much of what tests an id the breaks turned red: what is left shows which break is to be written next. */
function coverage(done: readonly { readonly one: Break; readonly outcome: Outcome }[]): readonly string[] {
  const groups = Map.groupBy(done, ({ one: { suite, id } }) => `${suite} ${id}`);
  return [...groups].map(([name, group]) => {
    const tests = group.flatMap(({ one, outcome }) =>
      outcome.tests.filter(({ ids }) => ids.includes(one.id)),
    );
    const red = new Set(tests.filter((test) => test.red).map((test) => test.name));
    return `  ${name.padEnd(30)} ${red.size} of ${new Set(tests.map((test) => test.name)).size}`;
  });
}

async function runBreaks(breaks: readonly Break[]): Promise<boolean> {
  const done: { one: Break; outcome: Outcome }[] = [];
  for (const [index, one] of breaks.entries()) {
    const suite = suites[one.suite];
    if (suite === undefined)
      throw new Error(`there is no suite ${one.suite}: add it to test/breaks/suites.ts`);
    const started = Date.now();
    const outcome = await tryBreak(one, suite);
    done.push({ one, outcome });
    console.log(`[${index + 1}/${breaks.length}] ${describe(one, outcome, (Date.now() - started) / 1000)}`);
  }
  const wrong = done.filter(({ outcome }) => outcome.faults.length > 0).length;
  console.log(`\nTests of an id that some break turned red:\n${coverage(done).join('\n')}`);
  console.log(`\n${breaks.length - wrong} of ${breaks.length} breaks noticed`);
  if (wrong > 0) console.log('Next: read test/breaks/README.md, "What a break must do"');
  return wrong === 0;
}

const asked = process.argv.slice(2);
const breaks = readBreaks().filter(
  ({ path }) => asked.length === 0 || asked.some((start) => path.startsWith(start)),
);
if (breaks.length === 0) {
  console.error(`there is no patch ${asked.join(', ')} in test/breaks`);
  process.exit(1);
}
const onCluster = breaks.some(({ suite }) => suites[suite]?.needs === 'a cluster');
try {
  if (onCluster) {
    console.log(`Bringing up the cluster ${settings.clusterName} with Kyverno`);
    await clusterUp(settings, quiet);
    await install(settings, quiet);
  }
  if (!(await runBreaks(breaks))) process.exitCode = 1;
} finally {
  if (onCluster) await clusterDown(settings, quiet);
}
