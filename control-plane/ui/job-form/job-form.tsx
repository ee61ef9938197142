import { useRef } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';
import { fieldErrors } from '../api/field-errors.ts';
import { Button, ButtonLink } from '../elements/button.tsx';
import { TextField } from '../elements/text-field.tsx';
import { TroubleNotice } from '../elements/trouble.tsx';
import { useNow } from '../elements/use-now.ts';
import { nearDay } from '../words/instant.ts';
import { AlertsPart } from './alerts-part.tsx';
import { CommandPart, OptionsPart } from './command-part.tsx';
import { refusedFields } from './draft-errors.ts';
import type { Draft } from './draft.ts';
import { useFormState } from './form-state.ts';
import { MorePart } from './more-part.tsx';
import { SchedulePart, useSchedule } from './schedule-part.tsx';
import './job-form.css';

interface JobFormProps {
  readonly org: string;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** Absent: the name cannot be changed. */
  readonly named?: true;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSave: () => void;
  readonly cancelTo: string;
  /** What to do about an error, beyond what it says. */
  readonly remedy?: ReactNode;
}

/** In the order in which people think: what it is called, what it runs, of what, when, and who is told. */
export function JobForm(props: JobFormProps) {
  const { org, draft, onChange, named, pending, error, onSave, cancelTo, remedy } = props;
  const form = useRef<HTMLFormElement>(null);
  const state = useFormState(draft, onChange, refusedFields(fieldErrors(error)));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (state.check()) onSave();
    // The fields say what is wrong once they are drawn again.
    else
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form ref={form} className="job-form" onSubmit={submit} noValidate>
      {named === true ? <NamePart {...state} /> : null}
      <CommandPart {...state} />
      <OptionsPart {...state} />
      <SchedulePart {...state} />
      <AlertsPart org={org} {...state} />
      <MorePart {...state} />
      {error === null ? null : <TroubleNotice error={error} />}
      {remedy}
      <div className="row form-end">
        <Button kind="primary" submits pending={pending}>
          Save
        </Button>
        <ButtonLink to={cancelTo}>Cancel</ButtonLink>
        <WhatNext draft={draft} />
      </div>
    </form>
  );
}

function NamePart({ draft, errors, change, leave }: ReturnType<typeof useFormState>) {
  return (
    <TextField
      label="Name"
      autoFocus
      value={draft.name}
      onChange={(name) => change({ name })}
      onBlur={() => (draft.name === '' ? undefined : leave('name'))}
      error={errors.name}
      placeholder="nightly"
      description="Lower-case letters, digits and hyphens. It cannot be changed later."
    />
  );
}

/** What saving leads to, before it is pressed. */
function WhatNext({ draft }: { readonly draft: Draft }) {
  const now = useNow();
  const { data, error } = useSchedule(draft);
  const [next] = data?.next ?? [];
  if (data === undefined || error !== null) return null;
  const first =
    next === undefined
      ? 'It will never run by itself.'
      : `First run: ${nearDay(next, data.timeZone, now)} ${data.timeZone}`;
  return <span className="quiet">{draft.paused ? 'Paused: it runs by hand only.' : first}</span>;
}
