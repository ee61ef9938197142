/**
 * Runs a tier of tests and says what passed. `core`: types, lint, format, unit, and the core files on the cluster. `rest`: the other
 * cluster files in their fixed order, while there is time. `all`: both. `long`: breaks, soak and bench. `sum`: adds up the reports.
 * Counts come from the reports that vitest writes, nowhere else.
 */
import { spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { z } from 'zod';
import { coreFiles, kyvernoFiles, longFiles, restFiles } from './tier-files.ts';
import { cluster, deadline, environment } from './config.ts';

const root = new URL('../', import.meta.url).pathname;
const reports = `${root}test/reports/`;
const started = Date.now();

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** A file that fails before its first test counts as one failure: it must not vanish. */
function countsOf(file: string): Counts {
  const parsed = report.parse(JSON.parse(readFileSync(reports + file, 'utf8')));
  const broken = parsed.testResults.filter(
    (one) => one.status === 'failed' && one.assertionResults.length === 0,
  ).length;
  return {
    passed: parsed.numPassedTests,
    failed: parsed.numFailedTests + broken,
    skipped: parsed.numPendingTests,
  };
}

function sum(): Counts {
  const add = (a: Counts, b: Counts): Counts => ({
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  });
  const files = existsSync(reports) ? readdirSync(reports) : [];
  const late = files.includes('late.txt')
    ? readFileSync(`${reports}late.txt`, 'utf8').split('\n').filter(Boolean)
    : [];
  return files
    .filter((file) => file.endsWith('.json'))
    .map(countsOf)
    .reduce(add, { passed: 0, failed: 0, skipped: late.length });
}

function elapsed(): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

function run(command: string, args: readonly string[], log?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: {
        ...environment,
        CLUSTER_NAME: cluster,
        PATH: `${root}node_modules/.bin:${environment['PATH'] ?? ''}`,
      },
      stdio: log === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    if (log !== undefined) {
      const sink = createWriteStream(log);
      child.stdout?.pipe(sink, { end: false });
      child.stderr?.pipe(sink, { end: false });
    }
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function step(name: string, command: string, args: readonly string[]): Promise<boolean> {
  console.log(`\n[${elapsed()}] ${name}`);
  const code = await run(command, args);
  if (code !== 0) console.error(`[${elapsed()}] ${name}: failed with exit code ${code}`);
  return code === 0;
}

function vitest(project: string, name: string, files: readonly string[]): Promise<boolean> {
  const output = `--outputFile.json=${reports}${name.replaceAll('/', '-')}.json`;
  return step(name, 'vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    output,
    ...files,
  ]);
}

async function core(): Promise<boolean> {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const log = `${reports}cluster-build.log`;
  const build = run('node', ['test/cluster/main.ts', 'build'], log);
  console.log(`The cluster's binaries are built meanwhile: ${log}`);
  const checks = [
    await step('types', 'tsc', ['--noEmit']),
    await step('types of the UI', 'tsc', ['--noEmit', '-p', 'control-plane/ui']),
    await step('lint', 'eslint', ['.']),
    await step('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
    await vitest('unit', 'unit', []),
  ];
  console.log(`\n[${elapsed()}] waiting for the cluster's binaries`);
  if ((await build) !== 0) {
    console.error(readFileSync(log, 'utf8').split('\n').slice(-20).join('\n'));
    return false;
  }
  if (!(await step('cluster and installation', 'node', ['examples/demo.ts', 'setup']))) return false;
  return (await onCluster(coreFiles, Number.POSITIVE_INFINITY)) && checks.every(Boolean);
}

/** `until`: epoch milliseconds after which no further file is begun. */
async function onCluster(files: readonly string[], until: number): Promise<boolean> {
  let green = true;
  let withKyverno = false;
  const late: string[] = [];
  for (const file of files) {
    if (Date.now() > until) {
      late.push(file);
      continue;
    }
    if (kyvernoFiles.includes(file) && !withKyverno) {
      withKyverno = true;
      green = (await step('Kyverno', 'node', ['test/kyverno/main.ts', 'install'])) && green;
    }
    green = (await vitest('cluster', file, [file])) && green;
  }
  if (late.length > 0) {
    console.log(`\nSkipped, out of time: ${late.join(', ')}`);
    writeFileSync(`${reports}late.txt`, late.join('\n'));
  }
  return green;
}

async function tier(name: string): Promise<boolean> {
  switch (name) {
    case 'core':
      return core();
    case 'rest':
      return onCluster(restFiles, deadline);
    case 'all':
      return (await core()) && (await onCluster(restFiles, deadline));
    case 'long': {
      const noticed = await step('breaks', 'node', ['test/breaks/main.ts']);
      const measured = await step('bench', 'make', ['--no-print-directory', 'bench']);
      return (await onCluster(longFiles, Number.POSITIVE_INFINITY)) && noticed && measured;
    }
    case 'sum':
      return true;
    default:
      throw new Error(`no tier "${name}": core, rest, all, long or sum`);
  }
}

const green = await tier(process.argv[2] ?? 'core');
const { passed, failed, skipped } = sum();
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
if (!green || failed > 0) process.exitCode = 1;
