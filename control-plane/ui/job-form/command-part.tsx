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
  return (
    <fieldset className="form-part">
      <legend>What to run</legend>
      <TextField
        label="Select"
        {...wordField(part, 'select')}
        placeholder="tag:nightly +fct_orders"
        description="Empty: everything."
      />
      <TextField label="Exclude" {...wordField(part, 'exclude')} />
      <Flags {...part} />
      <RareOptions {...part} />
      <Preview {...part} />
    </fieldset>
  );
}

type WordField = 'select' | 'exclude' | 'selector' | 'target' | 'threads' | 'vars';

function wordField({ draft, errors, change, leave }: FormPart, name: WordField) {
  return {
    mono: true as const,
    value: draft[name],
    onChange: (value: string) => change({ [name]: value }),
    onBlur: () => leave(name),
    error: errors[name],
  };
}

function Flags({ draft, change }: FormPart) {
  return (
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
  );
}

/** Open where one of them is set or wrong. */
function RareOptions(part: FormPart) {
  const { draft, errors } = part;
  const names = ['selector', 'target', 'threads', 'vars'] as const;
  const needed = names.some((name) => draft[name] !== '' || errors[name] !== undefined);
  return (
    <details className="form-part" open={needed ? true : undefined}>
      <summary className="small-summary">More options: selector, target, threads, variables</summary>
      <div className="stack">
        <div className="form-columns">
          <TextField label="Selector" {...wordField(part, 'selector')} description="Of selectors.yml." />
          <TextField label="Target" {...wordField(part, 'target')} description="Of the profile." />
          <TextField
            label="Threads"
            {...wordField(part, 'threads')}
            inputMode="numeric"
            description="Empty: the profile's."
          />
        </div>
        <TextField
          label="Variables"
          rows={2}
          {...wordField(part, 'vars')}
          placeholder='{"day": "2026-03-01"}'
          description="One object of YAML or JSON."
        />
      </div>
    </details>
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
