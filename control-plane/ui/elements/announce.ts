import { useSyncExternalStore } from 'react';

let said = '';
const readers = new Set<() => void>();

/** Has a screen reader say it as soon as it pauses. */
export function announce(sentence: string): void {
  // A live region is read when it changes: the same sentence twice needs a difference that nobody hears.
  said = sentence === said ? `${sentence}\u00a0` : sentence;
  for (const reader of readers) reader();
}

export function useAnnouncement(): string {
  return useSyncExternalStore(
    (reader) => {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    () => said,
  );
}
