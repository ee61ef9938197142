/** The words of one dbt command, as `dbt --quiet build --select marts`. */
export interface DbtCommand {
  /** `dbt` and its general options; empty where the image's entrypoint is dbt. */
  readonly before: readonly string[];
  readonly name: string;
  /** Its options. */
  readonly after: readonly string[];
}

/** Those that run nodes of a project. */
export const nodeCommands = ['build', 'run', 'test', 'snapshot', 'seed'] as const;

/** General options of dbt that take a value; what follows them is no command. */
const valued = new Set([
  '--cache-selected-only',
  '--log-format',
  '--log-format-file',
  '--log-level',
  '--log-level-file',
  '--log-path',
  '--profiles-dir',
  '--project-dir',
  '--printer-width',
  '--record-timing-info',
  '--target-path',
  '-r',
]);

/** Undefined for what is not one dbt command, as `sh -c …`. */
export function parseDbtCommand(words: readonly string[]): DbtCommand | undefined {
  const first = words[0] ?? '';
  const isDbt = first === 'dbt' || first.endsWith('/dbt');
  let index = isDbt ? 1 : 0;
  while (words[index]?.startsWith('-') === true) index += valued.has(words[index] ?? '') ? 2 : 1;
  const name = words[index];
  if (name === undefined || !/^[a-z][a-z-]*$/.test(name)) return undefined;
  if (!isDbt && !nodeCommands.some((known) => known === name)) return undefined;
  return { before: words.slice(0, index), name, after: words.slice(index + 1) };
}

/** An option with the words that belong to it. */
export interface DbtOption {
  /** As `--select`, whatever short or other form it was written in; a word that belongs to no option is one by itself. */
  readonly name: string;
  /** As they were written, the option's own name among them. */
  readonly words: readonly string[];
  readonly values: readonly string[];
}

const otherForms: Readonly<Record<string, string>> = {
  '-s': '--select',
  '-m': '--select',
  '--models': '--select',
  '--model': '--select',
  '-t': '--target',
  '-f': '--full-refresh',
  '-x': '--fail-fast',
};

/** Options of dbt that take all words up to the next option. */
const manyValued = new Set([
  '--select',
  '--exclude',
  '--resource-type',
  '--resource-types',
  '--exclude-resource-type',
  '--exclude-resource-types',
]);
/** Options that take one word. */
const oneValued = new Set([
  '--selector',
  '--target',
  '--threads',
  '--vars',
  '--indirect-selection',
  '--profile',
  '--state',
  '--defer-state',
  '--sample',
  '--event-time-start',
  '--event-time-end',
  ...valued,
]);

/** The options of a command, in their order. */
export function parseDbtOptions(after: readonly string[]): readonly DbtOption[] {
  const options: DbtOption[] = [];
  for (let index = 0; index < after.length;) {
    const word = after[index] ?? '';
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const written = equals < 0 ? word : word.slice(0, equals);
    const name = otherForms[written] ?? written;
    const inline = equals < 0 ? [] : [word.slice(equals + 1)];
    const count = valueCount(name, inline.length, after, index + 1);
    const following = after.slice(index + 1, index + 1 + count);
    options.push({ name, words: [word, ...following], values: [...inline, ...following] });
    index += 1 + count;
  }
  return options;
}

function valueCount(name: string, inline: number, after: readonly string[], from: number): number {
  if (oneValued.has(name)) return inline === 1 || from >= after.length ? 0 : 1;
  if (!manyValued.has(name)) return 0;
  const end = after.findIndex((word, index) => index >= from && word.startsWith('-'));
  return (end < 0 ? after.length : end) - from;
}
