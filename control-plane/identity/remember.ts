export interface RememberShell {
  /** How long an answer is used, ms. */
  readonly forMs: number;
  /** Most answers that are kept; the oldest make room. */
  readonly most: number;
  now(): number;
}

/**
 * Asks once for a key while the answer is young, also where many ask at the same time. A question that failed is asked
 * again by the next who wants to know.
 */
export function remember<V>(shell: RememberShell) {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<V> }>();
  return (key: string, ask: () => Promise<V>): Promise<V> => {
    const known = kept.get(key);
    if (known !== undefined && shell.now() - known.at < shell.forMs) return known.answer;
    const entry = { at: shell.now(), answer: ask() };
    kept.delete(key);
    kept.set(key, entry);
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    const [oldest] = kept.keys();
    if (kept.size > shell.most && oldest !== undefined) kept.delete(oldest);
    return entry.answer;
  };
}
