import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { ProjectRef } from '../api/paths.ts';
import { jobsQuery } from '../api/queries.ts';
import type { RunChoice } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Button } from '../elements/button.tsx';
import { triggerWords } from '../words/trigger.ts';
import { choiceIn, searchOf, statusChoices, statusChosen } from './choice.ts';

interface RunFiltersProps {
  readonly projectRef: ProjectRef;
  readonly choice: RunChoice;
}

/** The choice lies in the address, so that it can be sent and gone back to. */
export function RunFilters({ projectRef, choice }: RunFiltersProps) {
  const [, navigate] = useLocation();
  const jobs = useQuery(jobsQuery(projectRef)).data?.map(({ name }) => name) ?? [];
  const choose = (next: RunChoice): void =>
    navigate(pages.runs(projectRef) + searchOf(next), { replace: true });
  const { job, result, phase, trigger } = choice;
  const known = job === undefined || jobs.includes(job) ? jobs : [job, ...jobs];
  return (
    <div className="row run-filters">
      <Select
        label="Job"
        every="All jobs"
        value={job ?? ''}
        options={known.map((name) => [name, name])}
        onChange={(name) => choose({ ...choice, job: name })}
      />
      <Select
        label="Status"
        every="Every status"
        value={statusChosen(choice)}
        options={Object.keys(statusChoices).map((word) => [word, word])}
        onChange={(word) => choose({ job, trigger, ...statusChoices[word] })}
      />
      <Select
        label="Trigger"
        every="Every trigger"
        value={trigger ?? ''}
        options={Object.entries(triggerWords)}
        onChange={(kind) =>
          choose({ job, result, phase, ...choiceIn(new URLSearchParams({ trigger: kind })) })
        }
      />
      {Object.keys(choice).length === 0 ? null : (
        <Button kind="quiet" onPress={() => choose({})}>
          Clear
        </Button>
      )}
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly every: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

function Select({ label, every, value, options, onChange }: SelectProps) {
  return (
    <select
      className="input"
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      <option value="">{every}</option>
      {options.map(([key, word]) => (
        <option key={key} value={key}>
          {word}
        </option>
      ))}
    </select>
  );
}
