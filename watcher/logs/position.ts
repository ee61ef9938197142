import { secondOf } from './stamped-line.ts';

/** Where the reading of a log stands: enough to go on after any break without a gap or a duplicate. */
export interface Position {
  /** Of the last line. */
  readonly lastAt: string;
  /** How many lines carry `lastAt`. */
  readonly count: number;
  /** The latest stamp of all: stdout and stderr are stamped before they are merged, so a later line may be older. */
  readonly latestAt: string;
}

export function after(position: Position | undefined, at: string): Position {
  if (position === undefined) return { lastAt: at, count: 1, latestAt: at };
  return {
    lastAt: at,
    count: at === position.lastAt ? position.count + 1 : 1,
    latestAt: at > position.latestAt ? at : position.latestAt,
  };
}

/** The `sinceTime` that gives the last line again, and everything after it. */
export function sinceTime(position: Position | undefined): string | undefined {
  return position && secondOf(position.lastAt);
}

/** What a line of a reading is that began before the end of the last one. */
export type Seen = 'known' | 'new' | 'new-after-gap';

/** Tells the lines of one reading apart, in their order; lines come as the runtime wrote them, whichever time is read. */
export function resume(position: Position | undefined): (at: string) => Seen {
  if (position === undefined) return () => 'new';
  let missing = position.count;
  let passed = false;
  return (at) => {
    if (passed || missing === 0) return 'new';
    if (at === position.lastAt) missing -= 1;
    if (at <= position.latestAt) return 'known';
    // The last line should have come by now: rotation took it, and nobody can say how much with it.
    passed = true;
    return 'new-after-gap';
  };
}
