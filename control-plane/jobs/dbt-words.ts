import { givenWord, literalWord } from '../../contract/container-words.ts';
import {
  nodeCommands,
  parseDbtCommand,
  parseDbtOptions,
  type DbtOption,
} from '../../contract/dbt-command.ts';
import { commandOptions, type CommandOptions, type JobSettings } from '../wire/job.ts';

export type Command = Pick<JobSettings, 'command' | 'options'>;

/** The words of a dbt container that runs the command: a list, never for a shell, and never expanded. */
export function printWords({ command, options }: Command): readonly string[] {
  const { select, exclude, selector, target, threads, fullRefresh, failFast, vars } = options;
  const words = [
    'dbt',
    command,
    ...many('--select', select),
    ...many('--exclude', exclude),
    ...one('--selector', selector),
    ...one('--target', target),
    ...one('--threads', threads?.toString()),
    ...(fullRefresh === true ? ['--full-refresh'] : []),
    ...(failFast === true ? ['--fail-fast'] : []),
    ...one('--vars', vars),
  ];
  return words.map(literalWord);
}

function many(name: string, values: readonly string[] = []): readonly string[] {
  return values.length === 0 ? [] : [name, ...values];
}

function one(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value];
}

/** What the words of a container say, or why no settings say the same. */
export function parseWords(words: readonly string[]): Command | { readonly why: string } {
  const given = words.map(givenWord);
  const expanded = words.find((_, index) => given[index] === undefined);
  if (expanded !== undefined)
    return { why: `its command takes a part of ${shown(expanded)} from the environment` };
  const parsed = parseDbtCommand(given.filter((word) => word !== undefined));
  const command = nodeCommands.find((name) => name === parsed?.name);
  if (parsed === undefined || command === undefined) {
    return { why: `its command is none of ${nodeCommands.map((name) => `dbt ${name}`).join(', ')}` };
  }
  if (parsed.before.length !== 1 || parsed.before[0] !== 'dbt') {
    return { why: `its command begins with ${shown(parsed.before.join(' '))}, not with dbt alone` };
  }
  const read = readOptions(parseDbtOptions(parsed.after));
  return 'why' in read ? read : { command, options: read };
}

const keys: Readonly<Record<string, keyof CommandOptions>> = {
  '--select': 'select',
  '--exclude': 'exclude',
  '--selector': 'selector',
  '--target': 'target',
  '--threads': 'threads',
  '--full-refresh': 'fullRefresh',
  '--fail-fast': 'failFast',
  '--vars': 'vars',
};

function readOptions(options: readonly DbtOption[]): CommandOptions | { readonly why: string } {
  const read: Record<string, unknown> = {};
  for (const { name, values, words } of options) {
    const key = keys[name];
    if (key === undefined) return { why: `its command has ${shown(words.join(' '))}` };
    if (key === 'select' || key === 'exclude') {
      const before = read[key];
      read[key] = [...(Array.isArray(before) ? (before as unknown[]) : []), ...values];
    } else if (read[key] !== undefined) return { why: `its command has ${name} twice` };
    else read[key] = values[0] ?? true;
    if (key === 'threads' && /^\d{1,3}$/.test(values[0] ?? '')) read[key] = Number(values[0]);
  }
  const parsed = commandOptions.safeParse(read);
  const field = parsed.error?.issues[0];
  const name = Object.keys(keys).find((option) => keys[option] === field?.path[0]) ?? 'an option';
  return parsed.data ?? { why: `${name} of its command is not as it can be set here` };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
