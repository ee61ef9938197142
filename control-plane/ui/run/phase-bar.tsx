import type { WireRun } from '../../wire/run.ts';
import { duration } from '../words/duration.ts';
import { phasesOf, wholeSeconds } from './phases.ts';
import type { Phase } from './phases.ts';

const stateWords: Readonly<Record<Phase['state'], string>> = {
  ahead: 'not begun',
  active: 'so far',
  past: '',
};

/** queued | clone | dbt, as wide as each was long. */
export function PhaseBar({ run, now }: { readonly run: WireRun; readonly now: number }) {
  const whole = wholeSeconds(run, now);
  return (
    <ol className="phase-bar" aria-label={`Phases, ${duration(whole)} in all`}>
      {phasesOf(run, now).map(({ name, state, seconds }) => (
        <li
          key={name}
          className={`phase phase-${name.toLowerCase()} phase-${state}`}
          style={{ flexGrow: 1 + seconds }}
        >
          <div className="phase-fill" />
          <div className="phase-text">
            <span className="quiet">{name}</span>
            {state === 'ahead' ? (
              <span className="unseen">{stateWords.ahead}</span>
            ) : (
              <span>{duration(seconds)}</span>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
