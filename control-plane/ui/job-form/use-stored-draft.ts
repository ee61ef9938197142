import { useState } from 'react';
import { emptyDraft } from './draft.ts';
import type { Draft } from './draft.ts';

/** A draft that outlives its page, for the way to Settings and back. It lasts as long as the tab of the browser. */
export function useStoredDraft(key: string, timeZone: string) {
  const [draft, setDraft] = useState<Draft>(() => ({ ...emptyDraft(timeZone), ...stored(key) }));
  return {
    draft,
    change: (next: Draft): void => {
      setDraft(next);
      sessionStorage.setItem(key, JSON.stringify(next));
    },
    forget: (): void => sessionStorage.removeItem(key),
  };
}

/** Of another version of this page, or by another hand: only what fits an empty draft is taken. */
function stored(key: string): Partial<Draft> {
  const empty = new Map<string, unknown>(Object.entries(emptyDraft('')));
  const kept = Object.entries(parsed(sessionStorage.getItem(key))).filter(
    ([field, value]) =>
      typeof value === typeof empty.get(field) || (field === 'slack' && typeof value === 'boolean'),
  );
  return Object.fromEntries(kept);
}

function parsed(text: string | null): object {
  if (text === null) return {};
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? value : {};
}
