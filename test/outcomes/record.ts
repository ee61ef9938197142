import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { recordSettings } from './config.ts';

/** What is run for a recording: dbt's arguments, command by command, and the signal that ends the last one. */
interface Scenario {
  readonly commands: readonly (readonly string[])[];
  /** Sent when dbt has said that `slow` has begun and `orders` has ended. */
  readonly signal?: 'SIGKILL' | 'SIGINT';
}

const slow = ['run', '--select', 'orders', 'slow', 'after_slow'];

const scenarios: Readonly<Record<string, Scenario>> = {
  success: { commands: [['build', '--select', 'orders', 'raw_payments', 'payments_snapshot']] },
  'failing-test': { commands: [['build', '--threads', '1', '--select', 'orders', 'customers']] },
  'failing-model': {
    commands: [['run', '--threads', '1', '--select', 'orders', 'broken', 'after_broken']],
  },
  'fail-fast': { commands: [['run', '--threads', '1', '--fail-fast', '--select', 'broken', 'orders']] },
  'compile-error': { commands: [['run', '--vars', '{unresolved: true}']] },
  'unknown-target': { commands: [['run', '--target', 'nowhere']] },
  'failing-operation': { commands: [['run-operation', 'refuse']] },
  quiet: { commands: [['--quiet', 'run', '--threads', '1', '--select', 'orders', 'broken']] },
  debug: { commands: [['--debug', 'run', '--select', 'orders']] },
  'two-commands': {
    commands: [
      ['run', '--select', 'orders'],
      ['test', '--threads', '1', '--select', 'orders'],
    ],
  },
  killed: { commands: [slow], signal: 'SIGKILL' },
  interrupted: { commands: [slow], signal: 'SIGINT' },
};

const formats = { json: 'jsonl', text: 'txt' } as const;
const project = join(import.meta.dirname, 'project');

/** Runs every scenario with a real dbt and DuckDB, and writes what it printed to <folder>/<scenario>.{jsonl,txt}. */
async function record(dbt: string, folder: string, only: readonly string[] | undefined): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (only?.includes(name) === false) continue;
    for (const [format, extension] of Object.entries(formats)) {
      const work = mkdtempSync(join(tmpdir(), 'dbt-jobs-record-'));
      cpSync(project, work, { recursive: true });
      const printed: string[] = [];
      for (const command of scenario.commands) {
        printed.push(await run(dbt, command, { work, format, signal: scenario.signal }));
      }
      const text = withoutMachine(printed.join(''), work);
      writeFileSync(join(folder, `${name}.${extension}`), text);
      rmSync(work, { recursive: true });
      console.log(`${name}.${extension}  ${text.split('\n').length - 1} lines`);
    }
  }
}

/** Where the recording was made is no fact about dbt. */
function withoutMachine(text: string, work: string): string {
  return text
    .replaceAll(work, '/dbt-jobs/repository/current')
    .replaceAll(/(?:\/[\w.-]+)+(?=\/lib\/python3)/g, '/opt/dbt');
}

interface Way {
  readonly work: string;
  readonly format: string;
  readonly signal: NodeJS.Signals | undefined;
}

function run(dbt: string, command: readonly string[], { work, format, signal }: Way): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    DBT_LOG_FORMAT: format,
    DBT_USE_COLORS: 'false',
    DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
  };
  const child = spawn(dbt, command, { cwd: work, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  let isSignalled = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
    const isAtWork =
      / START sql table model main\.slow/.test(printed) && / OK created .*main\.orders/.test(printed);
    if (signal === undefined || isSignalled || !isAtWork) return;
    isSignalled = true;
    child.kill(signal);
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', () => done(printed));
  });
}

const { dbt, folder, only } = recordSettings();
await record(dbt, resolve(folder), only);
console.log('compare with git diff, and correct what watcher/dbt/log.test.ts expects');
