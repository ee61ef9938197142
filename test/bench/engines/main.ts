/** Measures what each engine takes, and writes engines.md beside this folder: `node test/bench/engines/main.ts`. */
import { writeFileSync } from 'node:fs';
import { measureEngines } from './engines.ts';
import { renderReport } from './report.ts';

const report = new URL('../engines.md', import.meta.url);

try {
  const wanted = { warmUp: 50, rounds: 5, requests: 40, cpuRequests: 300 };
  const text = renderReport(await measureEngines(wanted, (line) => console.log(line)));
  writeFileSync(report, text);
  console.log(`\n${text}\nNext: read test/bench/engines.md`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
