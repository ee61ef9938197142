import type { GapReason } from '../logs/tail.ts';

/** What stands on one line of a spooled log. A line of the log begins with its stamp, so `!` marks what is none. */
export type SpoolEntry =
  | { readonly is: 'line'; readonly at: string; readonly text: string }
  | { readonly is: 'gap'; readonly reason: GapReason }
  | { readonly is: 'end'; readonly end: 'complete' | 'incomplete' };

const gapReasons: readonly GapReason[] = ['rotated', 'unreadable', 'spool-full'];
const stampLength = '2026-11-23T02:00:00.000000000Z'.length;

export function writeEntry(entry: SpoolEntry): string {
  switch (entry.is) {
    case 'line':
      return `${entry.at} ${entry.text}\n`;
    case 'gap':
      return `!gap ${entry.reason}\n`;
    case 'end':
      return `!end ${entry.end}\n`;
  }
}

/** Undefined for what no process of ours has written. */
export function readEntry(line: string): SpoolEntry | undefined {
  if (!line.startsWith('!')) {
    if (line.charAt(stampLength) !== ' ') return undefined;
    return { is: 'line', at: line.slice(0, stampLength), text: line.slice(stampLength + 1) };
  }
  const [word, value] = line.split(' ');
  if (word === '!end' && (value === 'complete' || value === 'incomplete')) return { is: 'end', end: value };
  const reason = gapReasons.find((one) => one === value);
  return word === '!gap' && reason !== undefined ? { is: 'gap', reason } : undefined;
}
