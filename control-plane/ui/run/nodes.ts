import type { WireInvocation, WireNode, WireRun } from '../../wire/run.ts';
import { counted } from '../words/short.ts';

/** What a node's status, dbt's own word, means to a reader. */
export type NodeMood = 'bad' | 'active' | 'odd' | 'good' | 'left';

const moods: ReadonlyMap<string, NodeMood> = new Map([
  ['error', 'bad'],
  ['fail', 'bad'],
  ['runtime error', 'bad'],
  ['partial success', 'bad'],
  ['started', 'active'],
  ['compiling', 'active'],
  ['executing', 'active'],
  ['running', 'active'],
  ['warn', 'odd'],
  ['success', 'good'],
  ['pass', 'good'],
  ['skipped', 'left'],
  ['no-op', 'left'],
]);

export function moodOf(status: string): NodeMood {
  return moods.get(status.toLowerCase()) ?? 'odd';
}

const ranks: readonly NodeMood[] = ['bad', 'active', 'odd', 'left', 'good'];

/** Failed first, then what is at work; among equals the longest first, then by name. */
export function inOrder(nodes: readonly WireNode[]): readonly WireNode[] {
  const rank = ({ status }: WireNode): number => ranks.indexOf(moodOf(status));
  return nodes.toSorted(
    (a, b) => rank(a) - rank(b) || (b.seconds ?? 0) - (a.seconds ?? 0) || a.name.localeCompare(b.name),
  );
}

/** As `12 nodes: 1 error, 2 skipped, 9 success`, in the order in which they are listed. */
export function countsInWords(nodes: readonly WireNode[]): string {
  const counts = Map.groupBy(inOrder(nodes), ({ status }) => status);
  const parts = [...counts].map(([status, of]) => `${of.length.toLocaleString('en-GB')} ${status}`);
  return `${counted(nodes.length, 'node')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/** As `dbt command 2`, or `Attempt 2, dbt command 1` where there were several attempts. */
export function commandName(
  { attempt, index }: WireInvocation,
  { attempts }: Pick<WireRun, 'attempts'>,
): string {
  const number = attempts.findIndex(({ uid }) => uid === attempt) + 1;
  return attempts.length > 1 && number > 0
    ? `Attempt ${number}, dbt command ${index + 1}`
    : `dbt command ${index + 1}`;
}
