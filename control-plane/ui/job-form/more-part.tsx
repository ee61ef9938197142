import type { JobSettings } from '../../wire/job.ts';
import { RadioCards } from '../elements/radio-cards.tsx';
import { TextField } from '../elements/text-field.tsx';
import type { FormPart } from './form-state.ts';

const overlaps: readonly { value: JobSettings['overlap']; title: string; text: string }[] = [
  { value: 'Forbid', title: 'Leave it out', text: 'The new run is left out; the one at work goes on.' },
  { value: 'Replace', title: 'Replace', text: 'The run at work is ended and the new one begins.' },
  { value: 'Allow', title: 'Run both', text: 'Both run side by side and may write the same tables.' },
];

/** What has a good default; open where something was changed or is wrong. */
export function MorePart({ draft, errors, change, leave }: FormPart) {
  const touched = draft.overlap !== 'Forbid' || draft.timeout !== '' || draft.retries !== '0';
  const wrong = errors.timeout !== undefined || errors.retries !== undefined;
  return (
    <details className="form-part" open={touched || wrong ? true : undefined}>
      <summary>More: overlap, timeout, retries</summary>
      <div className="stack">
        <RadioCards
          label="When one still runs"
          cards={overlaps}
          value={draft.overlap}
          onChange={(overlap) => change({ overlap })}
        />
        <div className="form-columns">
          <TextField
            label="Timeout"
            value={draft.timeout}
            onChange={(timeout) => change({ timeout })}
            onBlur={() => leave('timeout')}
            error={errors.timeout}
            placeholder="2h 15m"
            description="Empty: the project's."
          />
          <TextField
            label="Retries"
            inputMode="numeric"
            value={draft.retries}
            onChange={(retries) => change({ retries })}
            onBlur={() => leave('retries')}
            error={errors.retries}
            description="How often a failed run is tried again, whole."
          />
        </div>
      </div>
    </details>
  );
}
