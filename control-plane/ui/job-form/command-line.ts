import type { CommandOptions, JobSettings } from '../../wire/job.ts';
import { quoted } from './words.ts';

/** The words that a job's container runs. */
export function argvOf(command: JobSettings['command'], options: CommandOptions): readonly string[] {
  const { select, exclude, selector, target, threads, fullRefresh, failFast, vars } = options;
  return [
    'dbt',
    command,
    ...list('--select', select),
    ...list('--exclude', exclude),
    ...word('--selector', selector),
    ...word('--target', target),
    ...word('--threads', threads?.toString()),
    ...(fullRefresh === true ? ['--full-refresh'] : []),
    ...(failFast === true ? ['--fail-fast'] : []),
    ...word('--vars', vars),
  ];
}

/** The command as one would type it. */
export function commandLine(command: JobSettings['command'], options: CommandOptions): string {
  return argvOf(command, options).map(quoted).join(' ');
}

function list(flag: string, words: readonly string[] | undefined): readonly string[] {
  return words === undefined || words.length === 0 ? [] : [flag, ...words];
}

function word(flag: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [flag, value];
}
