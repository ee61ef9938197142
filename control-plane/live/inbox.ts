import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import type { Change, Changes } from '../store/store.ts';

export interface Arrived {
  readonly changes: readonly Change[];
  /** Changes were missed, or too many came: what is there has to be read anew. */
  readonly missed: boolean;
}

export interface Inbox {
  /** Waits for what has come since the last call; undefined once the signal is aborted. */
  next(signal: AbortSignal): Promise<Arrived | undefined>;
  close(): void;
}

/** Changes of different runs or logs that a reader has not come to; behind that it reads anew. */
const mostWaiting = 5000;

/**
 * Collects the changes that `keyOf` gives a key, of each key only one, joined by `join` with the one before: however slow its
 * reader is, it holds no more than there are keys.
 */
export function openInbox(
  changes: Changes,
  keyOf: (change: Exclude<Change, { kind: 'missed' }>) => string | undefined,
  join: (before: Change, after: Change) => Change = (_before, after) => after,
): Inbox {
  const waiting = new Map<string, Change>();
  const arrivals = new EventEmitter();
  let missed = false;
  const close = changes.subscribe((change) => {
    if (change.kind === 'missed') missed = true;
    else {
      const key = keyOf(change);
      if (key === undefined) return;
      const before = waiting.get(key);
      waiting.set(key, before === undefined ? change : join(before, change));
      if (waiting.size > mostWaiting) missed = true;
    }
    if (missed) waiting.clear();
    arrivals.emit('change');
  });
  return {
    close,
    async next(signal) {
      if (waiting.size === 0 && !missed) await once(arrivals, 'change', { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
      const arrived = { changes: [...waiting.values()], missed };
      waiting.clear();
      missed = false;
      return arrived;
    },
  };
}
