import { spawn } from 'node:child_process';

export type Ran = { code: number; stdout: string; stderr: string };

export type RunSettings = {
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  input?: string;
  timeoutMs?: number;
};

/** Runs to the end. A command that is missing or killed has the shell's code: 127, 128 + signal. */
export const run = (
  command: string,
  args: readonly string[],
  { env, cwd, input, timeoutMs }: RunSettings = {},
): Promise<Ran> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(env && { env: { ...env } }),
      ...(cwd !== undefined && { cwd }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs, killSignal: 'SIGKILL' as const }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    // A command that reads nothing closes its end first; its exit code is the answer, not the broken pipe.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 137, stdout, stderr }));
    child.stdin.end(input ?? '');
  });

/** @throws with the command and the last lines it said, when its exit code is not 0. */
export const mustRun = async (
  command: string,
  args: readonly string[],
  settings: RunSettings = {},
): Promise<string> => {
  const { code, stdout, stderr } = await run(command, args, settings);
  if (code !== 0) {
    const said = (stderr || stdout).trim().split('\n').slice(-5).join('\n  ');
    throw new Error(`${command} ${args.slice(0, 6).join(' ')}: exit code ${code}\n  ${said}`);
  }
  return stdout;
};
