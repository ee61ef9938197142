import { createHash } from 'node:crypto';
import { parseArgs, type ParseArgsOptionDescriptor } from 'node:util';
import { planImage } from '../contract/names.ts';
import { planId } from '../contract/candidate.ts';

export interface Connection {
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
}

export interface PlanArguments {
  readonly command: 'plan';
  readonly connection: Connection;
  readonly project: string;
  readonly image: string;
  readonly commit: string;
  readonly id: string;
  /** Longest time to wait for the verdict; undefined: not at all. */
  readonly waitMs: number | undefined;
}

export interface ExplainArguments {
  readonly command: 'explain';
  readonly connection: Connection;
  /** `-` is standard input. */
  readonly file: string;
}

export type CommandName = 'plan' | 'explain';
export type Arguments =
  | PlanArguments
  | ExplainArguments
  | { readonly command: 'help'; readonly about: CommandName | undefined }
  /** Everything that is wrong, each with what is allowed. */
  | {
      readonly command: 'usage';
      readonly about: CommandName | undefined;
      readonly problems: readonly string[];
    };

type Options = Record<string, ParseArgsOptionDescriptor>;

const shared: Options = {
  namespace: { type: 'string', short: 'n' },
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};
const options: Record<CommandName, Options> = {
  plan: {
    image: { type: 'string' },
    commit: { type: 'string' },
    id: { type: 'string' },
    wait: { type: 'boolean' },
    ...shared,
  },
  explain: { filename: { type: 'string', short: 'f' }, ...shared },
};
const defaultWait = '10m';

export function parseArguments(argv: readonly string[]): Arguments {
  const [name, ...rest] = argv;
  if (name === undefined || name === '-h' || name === '--help' || name === 'help') {
    return { command: 'help', about: undefined };
  }
  if (name !== 'plan' && name !== 'explain') {
    const problem = `${shown(name)} is no command of kubectl dbt: it has plan and explain`;
    return { command: 'usage', about: undefined, problems: [problem] };
  }
  const line = readLine(rest, name);
  if (line.values.has('help')) return { command: 'help', about: name };
  const parsed = name === 'plan' ? planArguments(line) : explainArguments(line);
  return line.problems.length === 0 ? parsed : { command: 'usage', about: name, problems: line.problems };
}

interface Line {
  /** The empty string for an option without a value. */
  readonly values: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** Grows as the values are looked at. */
  readonly problems: string[];
}

/** Tokens instead of strict parsing: that would stop at the first problem. */
function readLine(argv: readonly string[], command: CommandName): Line {
  const known = options[command];
  const { tokens } = parseArgs({
    args: [...argv],
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const line = { values: new Map<string, string>(), words: [] as string[], problems: [] as string[] };
  for (const token of tokens) {
    if (token.kind === 'positional') line.words.push(token.value);
    if (token.kind !== 'option') continue;
    const problem = optionProblem(
      token,
      Object.hasOwn(known, token.name) ? known[token.name] : undefined,
      command,
    );
    if (problem !== undefined) line.problems.push(problem);
    else if (line.values.has(token.name)) line.problems.push(`${token.rawName} is given twice: give it once`);
    else line.values.set(token.name, token.value ?? '');
  }
  return line;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function optionProblem(
  token: OptionToken,
  option: ParseArgsOptionDescriptor | undefined,
  command: CommandName,
): string | undefined {
  if (option === undefined) {
    const all = Object.keys(options[command]).map((name) => `--${name}`);
    return `${shown(token.rawName)} is no option of kubectl dbt ${command}: it has ${all.join(', ')}`;
  }
  if (option.type === 'boolean') {
    return token.name !== 'wait' && token.value !== undefined ? `${token.rawName} takes no value` : undefined;
  }
  const swallowed = token.inlineValue !== true && (token.value ?? '').startsWith('--');
  if (swallowed || (token.value ?? '') === '') return `${token.rawName} needs a value`;
  return undefined;
}

function planArguments(line: Line): PlanArguments {
  const project = theProject(line);
  const image = required(line, 'image', imageProblem);
  const commit = required(line, 'commit', commitProblem);
  const id = line.values.get('id');
  if (id !== undefined) note(line, '--id', dnsLabelProblem(id));
  return {
    command: 'plan',
    connection: connectionOf(line),
    project,
    image,
    commit,
    id: id ?? planId(commit, createHash('sha256').update(image).digest('hex')),
    waitMs: waitOf(line),
  };
}

function explainArguments(line: Line): ExplainArguments {
  if (line.words.length > 0) {
    line.problems.push(`${shown(line.words.join(' '))} is too much: name the manifest with -f`);
  }
  const file = required(line, 'filename', () => undefined);
  return { command: 'explain', connection: connectionOf(line), file };
}

function theProject(line: Line): string {
  const [project, ...more] = line.words;
  if (project === undefined) {
    line.problems.push('PROJECT is missing: the name of a DbtProject (kubectl get dbtprojects)');
    return '';
  }
  note(line, 'PROJECT', dnsLabelProblem(project));
  if (more.length > 0) line.problems.push(`${shown(more.join(' '))} is too much: one PROJECT at a time`);
  return project;
}

function connectionOf(line: Line): Connection {
  const namespace = line.values.get('namespace');
  if (namespace !== undefined) note(line, '--namespace', dnsLabelProblem(namespace));
  return { namespace, context: line.values.get('context'), kubeconfig: line.values.get('kubeconfig') };
}

function required(line: Line, name: string, problemOf: (value: string) => string | undefined): string {
  const value = line.values.get(name);
  if (value !== undefined) note(line, `--${name}`, problemOf(value));
  else if (!line.problems.includes(`--${name} needs a value`)) line.problems.push(`--${name} is missing`);
  return value ?? '';
}

function waitOf(line: Line): number | undefined {
  const given = line.values.get('wait');
  if (given === undefined) return undefined;
  const milliseconds = durationMs(given === '' ? defaultWait : given);
  if (milliseconds === undefined) {
    note(line, '--wait', `${shown(given)} is no time: write it like 90s, 10m or 1h30m, at most 24h`);
  }
  return milliseconds;
}

function note(line: Line, where: string, problem: string | undefined): void {
  if (problem !== undefined) line.problems.push(`${where}: ${problem}`);
}

/** Milliseconds of `90s`, `10m`, `1h30m`; undefined for anything else, for nothing, and for more than a day. */
export function durationMs(text: string): number | undefined {
  const match = /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [Number(match[1] ?? 0), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  const total = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return total > 0 && total <= 86_400_000 ? total : undefined;
}

function dnsLabelProblem(value: string): string | undefined {
  if (value.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value)) return undefined;
  return `${shown(value)} must be a DNS label: at most 63 lower-case letters, digits and -, not at its ends`;
}

function imageProblem(value: string): string | undefined {
  if (value === planImage) return `"${planImage}" is what pods write: name the image that was pushed`;
  if (value.length <= 512 && /^[a-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/.test(value))
    return undefined;
  return `${shown(value)} must be an image: name, name:tag or name@sha256:<64 hex digits>`;
}

function commitProblem(value: string): string | undefined {
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) return undefined;
  const how = 'git rev-parse HEAD prints it';
  return `${shown(value)} must be a full commit, 40 or 64 lower-case hex digits, no branch, tag or short form: ${how}`;
}

/** Escaped, and cut: what was typed may hold anything. */
function shown(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
