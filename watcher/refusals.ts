/** What the API server does not let us write onto a run: its outcome, or its end. */
export interface Refusals {
  has(runUid: string, what: Refused): boolean;
  add(runUid: string, what: Refused): void;
}

type Refused = 'outcome' | 'end';

/** One that is forgotten is tried once more. */
const mostRefusals = 10_000;

export function createRefusals(onAdded: () => void): Refusals {
  const refusals = new Set<string>();
  return {
    has: (uid, what) => refusals.has(`${what} ${uid}`),
    add(uid, what) {
      const [oldest] = refusals;
      if (refusals.size >= mostRefusals && oldest !== undefined) refusals.delete(oldest);
      onAdded();
      refusals.add(`${what} ${uid}`);
    },
  };
}
