import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from './cron.ts';

const all = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);
const every = {
  minutes: [0],
  hours: [0],
  days: all(1, 31),
  months: all(1, 12),
  weekdays: all(0, 6),
  eitherDay: false,
};

const accepted = {
  'takes lists, ranges and steps': ['0,30 9-17/4 * * *', { minutes: [0, 30], hours: [9, 13, 17] }],
  'counts a step from a single value to the end': ['5/20 0 * * *', { minutes: [5, 25, 45] }],
  'counts a step of weekdays to Saturday': ['0 0 * * 5/1', { weekdays: [5, 6] }],
  'takes names in any case': ['0 0 * jan,JUL Mon-fri', { months: [1, 7], weekdays: [1, 2, 3, 4, 5] }],
  'takes ? for *': ['0 0 ? * ?', {}],
  'takes lists that overlap': ['0,0-2,1 0 * * *', { minutes: [0, 1, 2] }],
  'takes leading zeros and more than one space': [' 05  0 01 * * ', { minutes: [5], days: [1] }],
  'takes a day of either where both are given': [
    '0 0 13 * 5',
    { days: [13], weekdays: [5], eitherDay: true },
  ],
  'asks for both where one has a *': ['0 0 */1 * 5', { weekdays: [5] }],
  'asks for either where * has a step': [
    '0 0 */15 * 5',
    { days: [1, 16, 31], weekdays: [5], eitherDay: true },
  ],
  'knows @hourly': ['@hourly', { hours: all(0, 23) }],
  'knows @weekly': ['@weekly', { weekdays: [0] }],
  'knows @annually': ['@annually', { days: [1], months: [1] }],
  'keeps a date that never comes beside a weekday': [
    '0 0 31 2 1',
    { days: [31], months: [2], weekdays: [1], eitherDay: true },
  ],
} as const;

describe('parseCron', () => {
  it.each(Object.entries(accepted))('%s', (_, [text, expected]) => {
    expect(parseCron(text)).toEqual({ cron: { ...every, ...expected } });
  });
});

const five = 'must have five: minute, hour, day of month, month, day of week, as in 0 3 * * *';
const letters = [
  '0',
  '1',
  '5',
  '31',
  '*',
  '?',
  '/',
  '-',
  ',',
  '@',
  'L',
  'W',
  '#',
  'H',
  ' ',
  '\t',
  'JAN',
  'SUN',
  '{',
  '\u0000',
];

const refused = {
  'a field of seconds': ['0 0 3 * * *', `has 6 fields and ${five}; a CronJob knows no seconds and no years`],
  'a field too few': ['0 3 * *', `has 4 fields and ${five}`],
  'a single word': ['daily', `has 1 field and ${five}`],
  nothing: [' ', `has 0 fields and ${five}`],
  'a time zone before it': ['TZ=UTC 0 3 * * *', 'names a time zone: give it in the field for the time zone'],
  'a time zone by its longer name': [
    'CRON_TZ=UTC 0 3 * * *',
    'names a time zone: give it in the field for the time zone',
  ],
  'the last day of a month': [
    '0 0 L * *',
    'day of month "L": must be of 1-31, with * , - and / only; a CronJob knows no L, W, # and H',
  ],
  'a working day': [
    '0 0 15W * *',
    'day of month "15W": must be of 1-31, with * , - and / only; a CronJob knows no L, W, # and H',
  ],
  'the second Friday': [
    '0 0 * * 5#2',
    'day of week "5#2": must be of 0-6 (0 is Sunday) or SUN-SAT, with * , - and / only; a CronJob knows no L, W, # and H',
  ],
  'a hashed minute': [
    'H 0 * * *',
    'minute "H": must be of 0-59, with * , - and / only; a CronJob knows no L, W, # and H',
  ],
  'a second Sunday': [
    '0 0 * * 7',
    'day of week "7": must be of 0-6 (0 is Sunday) or SUN-SAT, with * , - and / only',
  ],
  'a value above the last': ['0 24 * * *', 'hour "24": must be of 0-23, with * , - and / only'],
  'a range that ends before it begins': [
    '0 0 * * FRI-SUN',
    'day of week "FRI-SUN": must be of 0-6 (0 is Sunday) or SUN-SAT, with * , - and / only',
  ],
  'a step of nothing': ['*/0 * * * *', 'minute "*/0": must be of 0-59, with * , - and / only'],
  'a name that is none': ['0 0 * FOO *', 'month "FOO": must be of 1-12 or JAN-DEC, with * , - and / only'],
  '31 February': ['0 0 31 2 *', 'never comes: there is no day 31 in February'],
  'day 31 of short months': ['0 0 31 4,6 *', 'never comes: there is no day 31 in April and June'],
  'an interval': [
    '@every 2h',
    '@every counts from the last run and drifts: write fixed times, as in 0 */2 * * * for every second hour',
  ],
  'a macro of other programs': [
    '@reboot',
    '"@reboot" is no macro of a CronJob: it has @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly',
  ],
} as const;

describe('parseCron refuses', () => {
  it.each(Object.entries(refused))('%s', (_, [text, problem]) => {
    expect(parseCron(text)).toEqual({ problems: [problem] });
  });

  it('everything that is wrong at once', () => {
    expect(parseCron('60 3 0 * *')).toEqual({
      problems: [
        'minute "60": must be of 0-59, with * , - and / only',
        'day of month "0": must be of 1-31, with * , - and / only',
      ],
    });
  });

  it('or takes any text, and never throws', () => {
    const noise = fc.string({ unit: fc.constantFrom(...letters), maxLength: 40 });
    fc.assert(
      fc.property(noise, (text) => {
        const parsed = parseCron(text);
        expect('cron' in parsed || parsed.problems.length > 0).toBe(true);
      }),
    );
  });
});
