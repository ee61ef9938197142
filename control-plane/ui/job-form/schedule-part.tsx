import { useQuery } from '@tanstack/react-query';
import type { WireSchedule } from '../../wire/job.ts';
import { scheduleQuery } from '../api/queries.ts';
import { troubleOf } from '../api/refusal.ts';
import { Notice } from '../elements/notice.tsx';
import { TextField } from '../elements/text-field.tsx';
import { useLater } from '../elements/use-later.ts';
import { useNow } from '../elements/use-now.ts';
import { nearDay } from '../words/instant.ts';
import type { Draft } from './draft.ts';
import type { FormPart } from './form-state.ts';
import { zoneGroups } from './time-zones.ts';

const typingMs = 300;

const presets: readonly (readonly [string, string])[] = [
  ['0 * * * *', 'Every hour'],
  ['0 6 * * *', 'Every day at 06:00'],
  ['0 6 * * 1-5', 'On weekdays at 06:00'],
  ['0 6 * * 1', 'On Mondays at 06:00'],
  ['0 6 1 * *', 'On the first of each month at 06:00'],
];
const ownCron = '';

/** The reading of a draft's schedule, asked of the API a moment after the last key. */
export function useSchedule({ cron, timeZone }: Pick<Draft, 'cron' | 'timeZone'>) {
  const wanted = useLater(cron.trim(), typingMs);
  return useQuery({ ...scheduleQuery(wanted, timeZone), enabled: wanted !== '' });
}

export function SchedulePart(part: FormPart) {
  const { draft, errors, change, leave } = part;
  const schedule = useSchedule(draft);
  const refused = schedule.error === null ? undefined : troubleOf(schedule.error);
  return (
    <fieldset className="form-part">
      <legend>Schedule</legend>
      <div className="form-columns">
        <Preset draft={draft} onChange={(cron) => change({ cron })} />
        <TextField
          label="Cron"
          mono
          value={draft.cron}
          onChange={(cron) => change({ cron })}
          onBlur={() => leave('cron')}
          error={errors.cron ?? (refused === undefined ? undefined : (refused.detail ?? refused.title))}
        />
        <Zone value={draft.timeZone} onChange={(timeZone) => change({ timeZone })} />
      </div>
      {schedule.data === undefined || refused !== undefined ? null : <Reading schedule={schedule.data} />}
    </fieldset>
  );
}

function Preset({ draft, onChange }: { readonly draft: Draft; readonly onChange: (cron: string) => void }) {
  const chosen = presets.find(([cron]) => cron === draft.cron.trim())?.[0] ?? ownCron;
  return (
    <label className="field">
      <span className="label">When</span>
      <select
        className="input"
        value={chosen}
        onChange={({ target }) => (target.value === ownCron ? undefined : onChange(target.value))}
      >
        {presets.map(([cron, words]) => (
          <option key={cron} value={cron}>
            {words}
          </option>
        ))}
        <option value={ownCron}>As the cron field says</option>
      </select>
    </label>
  );
}

const groups = zoneGroups(Intl.supportedValuesOf('timeZone'));

function Zone({ value, onChange }: { readonly value: string; readonly onChange: (zone: string) => void }) {
  const known = groups.some(({ zones }) => zones.some(({ name }) => name === value));
  return (
    <label className="field">
      <span className="label">Time zone</span>
      <select className="input" value={value} onChange={({ target }) => onChange(target.value)}>
        {known ? null : <option value={value}>{value}</option>}
        {groups.map(({ region, zones }) => (
          <optgroup key={region} label={region}>
            {zones.map(({ name, place }) => (
              <option key={name} value={name}>
                {place}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function Reading({ schedule: { reading, next, timeZone, warnings } }: { readonly schedule: WireSchedule }) {
  const now = useNow();
  return (
    <div className="reading" role="status">
      <p>{reading}</p>
      {next.length === 0 ? null : (
        <p className="quiet">
          Next:{' '}
          {next
            .slice(0, 5)
            .map((at) => nearDay(at, timeZone, now))
            .join(' · ')}
        </p>
      )}
      {warnings.map((warning) => (
        <Notice key={warning} kind="warned" title={warning} />
      ))}
    </div>
  );
}
