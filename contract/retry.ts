import {
  nodeCommands,
  parseDbtCommand,
  parseDbtOptions,
  type DbtCommand,
  type DbtOption,
} from './dbt-command.ts';
import type { OutcomeReason } from './outcome.ts';

/** What dbt said last of a node. */
export interface NodeResult {
  readonly uniqueId: string;
  /** dbt's own word. */
  readonly status: string;
}

export interface Failure {
  /** Of its dbt container. */
  readonly words: readonly string[];
  /** Of all attempts, in the order in which they were told. */
  readonly nodes: readonly NodeResult[];
  readonly reason: OutcomeReason;
}

export interface Retry {
  readonly words: readonly string[];
  /** unique_ids that dbt named and that did not succeed. */
  readonly nodes: readonly string[];
  /** dbt was broken off: nodes that it had not begun are run as well, and are not among `nodes`. */
  readonly rest: boolean;
}

/** Statuses after which there is nothing to do for a node. */
const done = new Set(['success', 'pass', 'warn', 'no-op', 'reused']);
/** More than these make a command that a reader cannot follow, and in the end one that Kubernetes does not take. */
const mostNodes = 1000;
const selecting = new Set(['--select', '--exclude', '--selector', '--indirect-selection']);

/**
 * The command that runs what a run has left undone (C35): the nodes that failed or were skipped, by name. Where dbt was
 * broken off nobody knows the nodes that it had not begun: then all but those that are done. `why`: it cannot be told.
 */
export function retryFromFailure({ words, nodes, reason }: Failure): Retry | { readonly why: string } {
  const command = parseDbtCommand(words);
  if (command === undefined || !nodeCommands.some((name) => name === command.name)) {
    return { why: 'Its command is not one dbt command that runs nodes: run it again' };
  }
  const last = new Map(nodes.filter(isSelectable).map(({ uniqueId, status }) => [uniqueId, status]));
  if (last.size === 0) return { why: 'dbt had not begun any node: run it again' };
  const left = [...last].flatMap(([id, status]) => (done.has(status) ? [] : [id]));
  const succeeded = [...last].flatMap(([id, status]) => (done.has(status) ? [id] : []));
  const options = parseDbtOptions(command.after);
  const whole = reason === 'DbtHandledError' && !options.some(({ name }) => name === '--fail-fast');
  if (whole && left.length === 0) return { why: 'No node failed that could be selected: run it again' };
  const named = (whole ? left : succeeded).map(selectorOf);
  if (named.includes(undefined)) return { why: 'A node has a name that dbt cannot select: run it again' };
  if (named.length > mostNodes) return { why: `It would name more than ${mostNodes} nodes: run it again` };
  const names = [...new Set(named.filter((name) => name !== undefined))];
  const retried = whole ? onlyThese(command, options, names) : allButThese(command, options, names);
  return retried === undefined
    ? { why: 'dbt was broken off, and what it had not begun of its selection is not known: run it again' }
    : { words: retried, nodes: left, rest: !whole };
}

/** Hooks run with every command, and are no nodes that could be selected. */
function isSelectable({ uniqueId }: NodeResult): boolean {
  return !uniqueId.startsWith('operation.');
}

/**
 * A unique_id as dbt selects it: `model.shop.orders` as orders, `model.shop.dim.v2` as dim.v2, a test without the hash
 * behind its name, a unit test without its model. Undefined for a name that reads as something else in a selection.
 */
function selectorOf(uniqueId: string): string | undefined {
  const [type, , ...rest] = uniqueId.split('.');
  const parts =
    type === 'unit_test'
      ? rest.slice(-1)
      : type === 'test' && rest.length > 1 && /^[0-9a-f]{10}$/.test(rest.at(-1) ?? '')
        ? rest.slice(0, -1)
        : rest;
  const name = parts.join('.');
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) && !/\.(?:sql|py|csv)$/i.test(name) ? name : undefined;
}

function onlyThese(
  { before, name }: DbtCommand,
  options: readonly DbtOption[],
  names: readonly string[],
): readonly string[] {
  const others = options.filter((option) => !selecting.has(option.name)).flatMap((option) => option.words);
  return [...before, name, ...others, '--select', ...names, ...alone(name)];
}

/**
 * Undefined for a `build` of a selection that brings tests with its models: excluding a model that is done would exclude
 * its tests, which may not have run.
 */
function allButThese(
  { before, name, after }: DbtCommand,
  options: readonly DbtOption[],
  names: readonly string[],
): readonly string[] | undefined {
  if (names.length === 0) return [...before, name, ...after];
  const isExact = options.some(
    ({ name, values }) => name === '--indirect-selection' && values[0] === 'empty',
  );
  const selects = options.some((option) => selecting.has(option.name));
  if (name === 'build' && selects && !isExact) return undefined;
  const excluded = options.filter((option) => option.name === '--exclude').flatMap(({ values }) => values);
  const others = options.filter((option) => option.name !== '--exclude').flatMap((option) => option.words);
  const exactly = name === 'build' && !isExact ? alone(name) : [];
  return [...before, name, ...others, '--exclude', ...excluded, ...names, ...exactly];
}

/** A node and not the tests that belong to it; the other commands run none. */
function alone(command: string): readonly string[] {
  return command === 'build' || command === 'test' ? ['--indirect-selection', 'empty'] : [];
}
