/**
 * Runs every case on every engine, says what is red, and writes REPORT.md: `node test/conformance/main.ts`. With the word
 * `accept` it writes expected.yaml instead, from the pure functions. README.md has the format of a case and the variables.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { accept } from './accept.ts';
import { ownCases, readConfig } from './config.ts';
import { clausesOfContract, runConformance } from './conformance.ts';
import { engineNames } from './engines/engine.ts';
import type { Run } from './report.ts';
import { findRed, renderReport } from './report.ts';

const reports = new URL('../reports/', import.meta.url);

async function run(): Promise<boolean> {
  const config = readConfig();
  const done = await runConformance(config, (line) => console.log(line));
  const red = findRed(done, config);
  for (const line of red) console.log(`\n${line}`);
  const written = writeReport(done, config.cases);
  console.log(
    `\n${summary(done, red.length)}\nNext: ${red.length === 0 ? `read ${written}` : 'correct the engine or the case of the first red line, then narrow the run with ENGINES and CASES'}`,
  );
  return red.length === 0;
}

/** REPORT.md tells of all cases on all engines: a run of less must not replace it. */
function writeReport(done: Run, cases: string): string {
  const ran = done.runs.filter(({ notRun }) => notRun === undefined);
  const whole = cases === ownCases && ran.length === engineNames.length;
  const file = whole ? new URL('REPORT.md', import.meta.url) : new URL('conformance.md', reports);
  mkdirSync(reports, { recursive: true });
  writeFileSync(file, renderReport(done));
  return `test/${whole ? 'conformance/REPORT.md' : 'reports/conformance.md'}`;
}

function summary({ runs, cases }: Run, red: number): string {
  const missing = runs.filter(({ notRun }) => notRun !== undefined).length;
  return `${cases.length} cases, ${runs.length - missing} engines run, ${missing} not run: ${red === 0 ? 'green' : `red (${red})`}`;
}

async function acceptAll(): Promise<boolean> {
  const changed = await accept(readConfig().cases, new Set(clausesOfContract().keys()));
  for (const line of changed) console.log(line);
  console.log(
    `${changed.length} files written\nNext: read each against contract/README.md, then run the cases`,
  );
  return true;
}

const [command = 'run'] = process.argv.slice(2);
try {
  const commands: Readonly<Record<string, () => Promise<boolean>>> = { run, accept: acceptAll };
  const chosen = commands[command];
  if (chosen === undefined) throw new Error(`no command "${command}": run or accept`);
  if (!(await chosen())) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
