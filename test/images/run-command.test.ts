import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endCommands, runCommand } from './run-command.ts';

/** Whether a process is there and no zombie: where process 1 is no init, an orphan stays one. */
function runs(pid: string | undefined): boolean {
  const file = `/proc/${String(pid)}/stat`;
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ');
}

describe('runCommand', () => {
  it('gives standard output, and every line to the log file and to onLine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'command-'));
    const logFile = join(folder, 'log');
    const lines: string[] = [];
    const output = await runCommand('sh', ['-c', 'echo out; echo err >&2'], {
      logFile,
      onLine: (line) => lines.push(line),
    });
    const logged = readFileSync(logFile, 'utf8').trim().split('\n');
    rmSync(folder, { recursive: true });
    expect({ output, lines: lines.toSorted(), logged: logged.toSorted() }).toEqual({
      output: 'out',
      lines: ['err', 'out'],
      logged: ['err', 'out'],
    });
  });

  it('fails with the exit code and the last lines', async () => {
    await expect(runCommand('sh', ['-c', 'echo no such package >&2; exit 3'])).rejects.toThrow(
      'sh  failed with exit code 3\nno such package',
    );
  });

  it('fails for a program that is not installed', async () => {
    await expect(runCommand('no-such-program-here', [])).rejects.toThrow('ENOENT');
  });

  it('fails when it is ended, with everything it has started', async () => {
    const lines: string[] = [];
    const command = runCommand('sh', ['-c', 'sleep 60 & echo $!; wait'], {
      onLine: (line) => {
        lines.push(line);
        endCommands();
      },
    });
    await expect(command).rejects.toThrow('sh  was killed');
    await expect.poll(() => runs(lines[0])).toBe(false);
  });
});
