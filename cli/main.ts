import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { styleText } from 'node:util';
import { Refused, Unreachable } from './api-server.ts';
import { connect } from './cluster.ts';
import { readConfig } from './config.ts';
import type { Line } from './difference.ts';
import { explain } from './explain.ts';
import { parseArguments, type Arguments } from './parse-arguments.ts';
import { plan } from './plan.ts';
import { printable, type Clock, type Terminal } from './terminal.ts';
import { usage } from './usage.ts';

const config = readConfig();

const terminal: Terminal = {
  line: (text) => void process.stdout.write(`${text}\n`),
  problem: (text) => void process.stderr.write(`${text}\n`),
};

const clock: Clock = { now: () => Date.now(), pause: (milliseconds) => pause(milliseconds) };

function paint({ mark, text }: Line): string {
  const line = `${mark} ${text}`;
  if (!config.colour || mark === ' ') return line;
  return styleText(mark === '+' ? 'green' : 'red', line, { validateStream: false });
}

async function run(asked: Arguments): Promise<number> {
  switch (asked.command) {
    case 'help':
      terminal.line(usage(asked.about));
      return 0;
    case 'usage':
      for (const problem of asked.problems) terminal.problem(problem);
      terminal.problem(`Next: kubectl dbt ${asked.about === undefined ? '' : `${asked.about} `}--help`);
      return 2;
    case 'plan':
      return plan({ cluster: connect(asked.connection), terminal, clock }, asked);
    case 'explain': {
      const read = (file: string) => (file === '-' ? text(process.stdin) : readFile(file, 'utf8'));
      return explain({ cluster: connect(asked.connection), terminal, readFile: read, paint }, asked);
    }
  }
}

try {
  process.exitCode = await run(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
  terminal.problem(printable(error.message));
  if (error instanceof Unreachable)
    terminal.problem('Next: kubectl cluster-info, with the same kubeconfig and context');
  process.exitCode = error instanceof Unreachable ? 3 : 1;
}
