import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

/** How many of the last output lines an error repeats; the log file has all. */
const ERROR_LINES = 15;

/** Where the output of a command goes, besides an error's last lines. */
export interface CommandOutput {
  readonly logFile?: string;
  readonly onLine?: (line: string) => void;
}

const running = new Set<number>();

/** Ends every command under way with all it has started; their calls of runCommand fail. */
export function endCommands(): void {
  for (const group of running) {
    try {
      process.kill(-group, 'SIGTERM');
    } catch {
      // It has just ended by itself.
    }
  }
}

/**
 * Runs a command to its end and gives its standard output.
 * @throws with the command's name, its exit code, its last lines and the log file
 */
export async function runCommand(
  command: string,
  commandArguments: readonly string[],
  { logFile, onLine }: CommandOutput = {},
): Promise<string> {
  const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' });
  // A process group of its own: buildah's steps outlive it when it is ended alone.
  const child = spawn(command, commandArguments, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  if (child.pid !== undefined) running.add(child.pid);
  const lines: string[] = [];
  const standardOutput: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
    log?.write(`${line}\n`);
    onLine?.(line);
  };
  createInterface(child.stderr).on('line', take);
  createInterface(child.stdout).on('line', (line) => {
    standardOutput.push(line);
    take(line);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (child.pid !== undefined) running.delete(child.pid);
  if (log !== undefined) await finished(log.end());
  if (code !== 0) throw new Error(failure(command, commandArguments, code, lines, logFile));
  return standardOutput.join('\n');
}

function failure(
  command: string,
  commandArguments: readonly string[],
  code: number | null,
  lines: readonly string[],
  logFile: string | undefined,
): string {
  const verb = commandArguments.find((argument) => /^[a-z]+$/.test(argument)) ?? '';
  const how = code === null ? 'was killed' : `failed with exit code ${code}`;
  const where = logFile === undefined ? '' : `\nThe whole output is in ${logFile}.`;
  return `${command} ${verb} ${how}\n${lines.slice(-ERROR_LINES).join('\n')}${where}`;
}
