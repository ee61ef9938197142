import { useSyncExternalStore } from 'react';

/** `#L1` is the first line, number 0 of the API. */
export function lineIn(hash: string): number | undefined {
  const match = /^#L([1-9]\d{0,9})$/.exec(hash);
  return match?.[1] === undefined ? undefined : Number(match[1]) - 1;
}

const readers = new Set<() => void>();

/** The line that the address names. */
export function useLineInAddress(): number | undefined {
  const hash = useSyncExternalStore(
    (reader) => {
      readers.add(reader);
      addEventListener('hashchange', reader);
      return () => {
        readers.delete(reader);
        removeEventListener('hashchange', reader);
      };
    },
    () => location.hash,
  );
  return lineIn(hash);
}

/** Has the address name a line, without a step in the history. */
export function nameLine(line: number): void {
  history.replaceState(history.state, '', `#L${line + 1}`);
  for (const reader of readers) reader();
}
