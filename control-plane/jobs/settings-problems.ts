import { load } from 'js-yaml';
import type { FieldError } from '../api/refusal.ts';
import { scheduleProblems } from '../schedule/schedule.ts';
import type { JobSettings } from '../wire/job.ts';

/** As the watcher takes it; of another it would not take notice. */
const channelPattern = /^(#[\w-]{1,80}|[A-Z0-9]{6,20})$/;

/** What is wrong with settings beyond their shape, each by its field below `settings`. */
export function settingsProblems({ command, options, schedule, alerts }: JobSettings): readonly FieldError[] {
  const { select = [], exclude = [], selector, target, vars, fullRefresh } = options;
  const words = [
    ...select.map((word, index) => ({ field: `options.select[${index}]`, word })),
    ...exclude.map((word, index) => ({ field: `options.exclude[${index}]`, word })),
    ...(selector === undefined ? [] : [{ field: 'options.selector', word: selector }]),
    ...(target === undefined ? [] : [{ field: 'options.target', word: target }]),
  ];
  const selects = select.length > 0 || exclude.length > 0;
  const problems = [
    ...words.flatMap(({ field, word }) => about(field, wordProblem(word))),
    ...(selector !== undefined && selects
      ? about('options.selector', 'must be alone: beside it, dbt would not look at select and exclude')
      : []),
    ...(fullRefresh === true && (command === 'test' || command === 'snapshot')
      ? about('options.fullRefresh', `must be off: dbt ${command} has no full refresh`)
      : []),
    ...about('options.vars', vars === undefined ? undefined : varsProblem(vars)),
    ...(alerts.channel === undefined || channelPattern.test(alerts.channel)
      ? []
      : about('alerts.channel', 'must be #name, or the id of a channel as Slack shows it')),
    ...scheduleProblems(schedule).map(({ field, message }) => ({ field: `schedule.${field}`, message })),
  ];
  return problems.map(({ field, message }) => ({ field: `settings.${field}`, message }));
}

function about(field: string, message: string | undefined): readonly FieldError[] {
  return message === undefined ? [] : [{ field, message }];
}

function wordProblem(word: string): string | undefined {
  if (word.startsWith('-')) return 'must not begin with -: dbt would take it for an option';
  return /\p{Cc}/u.test(word) ? 'must not hold control characters' : undefined;
}

function varsProblem(text: string): string | undefined {
  const rule = 'must be one object in YAML or JSON, as {"days": 3}';
  // A program cannot be given one in its arguments.
  if (text.includes('\u0000')) return rule;
  try {
    const value = load(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : rule;
  } catch {
    return rule;
  }
}
