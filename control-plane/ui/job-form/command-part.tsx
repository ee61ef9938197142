import { dbtCommands, jobSettings, recommendedCommand } from '../../wire/job.ts';
import type { JobSettings } from '../../wire/job.ts';
import { CopyButton } from '../elements/copy-button.tsx';
import { RadioCards } from '../elements/radio-cards.tsx';
import { TextField } from '../elements/text-field.tsx';
import { TickBox } from '../elements/tick-box.tsx';
import { commandLine } from './command-line.ts';
import { settingsOf, takesFullRefresh } from './draft.ts';
import type { FormPart } from './form-state.ts';

const names = [
  'build',
  'run',
  'test',
  'snapshot',
  'seed',
] as const satisfies readonly JobSettings['command'][];

const cards = names.map((value) => ({
  value,
  title: <code>dbt {value}</code>,
  text: dbtCommands[value],
  ...(value === recommendedCommand ? { mark: 'Recommended' } : {}),
}));

export function CommandPart({ draft, change }: FormPart) {
  return (
    <RadioCards
      label="Command"
      cards={cards}
      value={draft.command}
      onChange={(command) => change({ command })}
    />
  );
}

export function OptionsPart(part: FormPart) {
  const { draft, errors, change, leave } = part;
  return (
    <fieldset className="form-part">
      <legend>What to run</legend>
      <SelectionFields {...part} />
      <TextField
        label="Variables"
        mono
        rows={2}
        value={draft.vars}
        onChange={(vars) => change({ vars })}
        onBlur={() => leave('vars')}
        error={errors.vars}
        placeholder='{"day": "2026-03-01"}'
        description="One object of YAML or JSON."
      />
      <div className="row form-boxes">
        <TickBox checked={draft.failFast} onChange={(failFast) => change({ failFast })}>
          Stop at the first failure
        </TickBox>
        <TickBox
          checked={draft.fullRefresh && takesFullRefresh(draft.command)}
          disabled={!takesFullRefresh(draft.command)}
          onChange={(fullRefresh) => change({ fullRefresh })}
        >
          Full refresh: incremental models and seeds are made anew
        </TickBox>
      </div>
      <Preview {...part} />
    </fieldset>
  );
}

function SelectionFields({ draft, errors, change, leave }: FormPart) {
  const field = (name: 'select' | 'exclude' | 'selector' | 'target' | 'threads') => ({
    mono: true as const,
    value: draft[name],
    onChange: (value: string) => change({ [name]: value }),
    onBlur: () => leave(name),
    error: errors[name],
  });
  return (
    <>
      <TextField
        label="Select"
        {...field('select')}
        placeholder="tag:nightly +fct_orders"
        description="Empty: everything."
      />
      <TextField label="Exclude" {...field('exclude')} />
      <div className="form-columns">
        <TextField label="Selector" {...field('selector')} description="Of selectors.yml." />
        <TextField label="Target" {...field('target')} description="Of the profile." />
        <TextField
          label="Threads"
          {...field('threads')}
          inputMode="numeric"
          description="Empty: the profile's."
        />
      </div>
    </>
  );
}

/** What is wrong stands beside its field: here is only what can run. */
function Preview({ draft }: FormPart) {
  const parsed = jobSettings.shape.options.safeParse(settingsOf(draft, false).options);
  const line = commandLine(draft.command, parsed.success ? parsed.data : {});
  return (
    <div className="preview">
      <span className="quiet">It runs</span>
      <code className="wrap-anywhere">{parsed.success ? line : '…'}</code>
      {parsed.success ? <CopyButton text={line} what="command" /> : null}
    </div>
  );
}
