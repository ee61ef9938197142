import { useSyncExternalStore } from 'react';

/** One clock for all relative times of the page, so that they change together. */
function clock(tickMs: number) {
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const readers = new Set<() => void>();
  const tick = (): void => {
    now = Date.now();
    for (const reader of readers) reader();
  };
  return {
    subscribe: (reader: () => void): (() => void) => {
      readers.add(reader);
      timer ??= setInterval(tick, tickMs);
      return () => {
        readers.delete(reader);
        if (readers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read: () => {
      // Nobody has listened for a while: what was read last is old.
      if (timer === undefined && Date.now() - now >= tickMs) now = Date.now();
      return now;
    },
  };
}

const slow = clock(10_000);
const fast = clock(1_000);

/** Milliseconds since the epoch, anew every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(slow.subscribe, slow.read);
}

/** The same every second, for what is running. */
export function useSeconds(): number {
  return useSyncExternalStore(fast.subscribe, fast.read);
}
