import { useState } from 'react';
import type { FieldErrors } from './draft-errors.ts';
import { draftErrors } from './draft-errors.ts';
import type { Draft, Field } from './draft.ts';

/** What each part of the form is given. */
export interface FormPart {
  readonly draft: Draft;
  readonly errors: FieldErrors;
  readonly change: (change: Partial<Draft>) => void;
  /** A field was left: from now on it says what is wrong with it. */
  readonly leave: (field: Field) => void;
}

export interface FormState extends FormPart {
  /** Has every field say what is wrong with it; true if nothing is. */
  readonly check: () => boolean;
}

/** `refused`: what the API found wrong with what was sent; it holds until the field is changed. */
export function useFormState(
  draft: Draft,
  setDraft: (draft: Draft) => void,
  refused: FieldErrors,
): FormState {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const all = draftErrors(draft);
  const told = Object.entries(all).filter(([field]) => left.has(field));
  const still = Object.entries(refused).filter(([field]) => !changed.has(field));
  return {
    draft,
    errors: Object.fromEntries([...still, ...told]),
    change: (change) => {
      setDraft({ ...draft, ...change });
      setChanged((before) => new Set([...before, ...Object.keys(change)]));
    },
    leave: (field) => setLeft((before) => new Set([...before, field])),
    check: () => {
      setLeft(new Set(Object.keys(draft)));
      setChanged(new Set());
      return Object.keys(all).length === 0;
    },
  };
}
