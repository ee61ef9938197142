export interface Config {
  /** Whether lines of a difference may be coloured; https://no-color.org, and never into a file or a pipe. */
  readonly colour: boolean;
}

export function readConfig(
  environment: NodeJS.ProcessEnv = process.env,
  isTerminal = process.stdout.isTTY,
): Config {
  return { colour: isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb' };
}
