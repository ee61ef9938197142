import fc from 'fast-check';
import type { CommandOptions, JobSettings } from '../../wire/job.ts';

export const nightly: JobSettings = {
  command: 'build',
  options: {},
  schedule: { cron: '0 3 * * *', timeZone: 'Europe/Amsterdam' },
  overlap: 'Forbid',
  retries: 0,
  alerts: { slack: true },
  paused: false,
};

const word = fc.oneof(
  fc.constantFrom(
    'orders',
    '+orders',
    'tag:nightly,config.materialized:table',
    '$(PASSWORD)',
    'a b',
    '$$',
    "it's",
  ),
  fc.stringMatching(/^[^-\p{Cc}][^\p{Cc}]{0,20}$/u),
);
const words = fc.array(word, { minLength: 1, maxLength: 4 });

const options: fc.Arbitrary<CommandOptions> = fc.record(
  {
    select: words,
    exclude: words,
    target: word,
    threads: fc.integer({ min: 1, max: 256 }),
    fullRefresh: fc.constant(true),
    failFast: fc.constant(true),
    vars: fc.constantFrom('{"days": 3}', 'days: 3\nfrom: "$(X)"'),
  },
  { requiredKeys: [] },
);

/** Settings that may be saved. */
export const anySettings: fc.Arbitrary<JobSettings> = fc.record(
  {
    command: fc.constantFrom('build', 'run', 'seed'),
    options: fc.oneof(options, fc.record({ selector: word })),
    schedule: fc.constantFrom(
      { cron: '*/15 9-17 * * MON-FRI', timeZone: 'UTC' },
      { cron: '@daily', timeZone: 'America/New_York' },
    ),
    overlap: fc.constantFrom('Allow', 'Forbid', 'Replace'),
    timeoutSeconds: fc.integer({ min: 1, max: 604_800 }),
    retries: fc.integer({ min: 0, max: 10 }),
    alerts: fc.constantFrom({ slack: true }, { slack: false }, { slack: true, channel: '#data' }),
    paused: fc.boolean(),
  },
  { requiredKeys: ['command', 'options', 'schedule', 'overlap', 'retries', 'alerts', 'paused'] },
);
