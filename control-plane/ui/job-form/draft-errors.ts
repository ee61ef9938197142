import { jobSettings, newJob } from '../../wire/job.ts';
import type { Draft, Field } from './draft.ts';
import { settingsOf } from './draft.ts';

export type FieldErrors = Readonly<Partial<Record<Field, string>>>;

/** In the words of the contract where it has any; the schema's own speak of types, not of what a person typed. */
const own: FieldErrors = {
  threads: 'must be a whole number from 1 to 256',
  retries: 'must be a whole number from 0 to 10',
  timeout: 'must be a time as 30m or 2h 15m, from one second to 7 days',
  cron: 'must be five fields: minute, hour, day of the month, month, day of the week',
  channel: 'must have 80 characters at most',
};

/** Everything that is wrong with a draft. */
export function draftErrors(draft: Draft): FieldErrors {
  const name = newJob.shape.name.safeParse(draft.name.trim());
  const settings = jobSettings.safeParse(settingsOf(draft, false));
  const found = (settings.error?.issues ?? []).map(({ path, message }) => [path.join('.'), message] as const);
  return {
    ...(name.success ? {} : { name: nameError(draft.name, name.error.issues[0]?.message) }),
    ...fieldsOf(found, own),
  };
}

function nameError(name: string, message: string | undefined): string {
  if (name.trim() === '') return 'must have a name';
  return name.trim().length > 52 ? 'must have 52 characters at most' : (message ?? 'is not allowed');
}

/** What the API found wrong, by the fields of the form; what belongs to none is told above it. */
export function refusedFields(errors: Readonly<Record<string, string>>): FieldErrors {
  return fieldsOf(Object.entries(errors), {});
}

function fieldsOf(errors: readonly (readonly [string, string])[], words: FieldErrors): FieldErrors {
  const told = errors.flatMap(([path, message]) => {
    const field = fieldAt(path);
    return field === undefined ? [] : [[field, words[field] ?? message] as const];
  });
  return Object.fromEntries(told.toReversed());
}

const fields: ReadonlyMap<string, Field> = new Map([
  ['schedule.cron', 'cron'],
  ['schedule.timeZone', 'timeZone'],
  ['timeoutSeconds', 'timeout'],
  ['alerts.channel', 'channel'],
  ['alerts.slack', 'slack'],
  ['name', 'name'],
  ['command', 'command'],
  ['overlap', 'overlap'],
  ['retries', 'retries'],
  ['options.select', 'select'],
  ['options.exclude', 'exclude'],
  ['options.selector', 'selector'],
  ['options.target', 'target'],
  ['options.threads', 'threads'],
  ['options.fullRefresh', 'fullRefresh'],
  ['options.failFast', 'failFast'],
  ['options.vars', 'vars'],
]);

/** `settings.options.select.0` is about the field for selectors. */
function fieldAt(path: string): Field | undefined {
  const inside = path.replace(/^settings\./, '').replace(/(?:\.\d+|\[\d+\])+$/, '');
  return fields.get(inside);
}
