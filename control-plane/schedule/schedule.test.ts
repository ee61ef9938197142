import { describe, expect, it } from 'vitest';
import { describeSchedule, scheduleProblems } from './schedule.ts';

const now = Date.parse('2026-02-03T10:00:00Z');
const amsterdam = 'Europe/Amsterdam';

describe('describeSchedule', () => {
  it('reads it, and gives its next runs in UTC', () => {
    expect(describeSchedule({ cron: '0 3 * * 1-5', timeZone: amsterdam }, now)).toEqual({
      cron: '0 3 * * 1-5',
      timeZone: amsterdam,
      reading: 'At 03:00 from Monday to Friday',
      next: [
        '2026-02-04T02:00:00.000Z',
        '2026-02-05T02:00:00.000Z',
        '2026-02-06T02:00:00.000Z',
        '2026-02-09T02:00:00.000Z',
        '2026-02-10T02:00:00.000Z',
      ],
      warnings: [],
    });
  });

  it('shows one that cannot be read as it is written', () => {
    expect(describeSchedule({ cron: '@every 2h', timeZone: 'Mars/Olympus' }, now)).toEqual({
      cron: '@every 2h',
      timeZone: 'Mars/Olympus',
      reading: '@every 2h',
      next: [],
      warnings: [
        'cron @every counts from the last run and drifts: write fixed times, as in 0 */2 * * * for every second hour',
        'timeZone "Mars/Olympus" must be UTC or a time zone of the IANA list, in its spelling: Europe/Amsterdam, America/New_York',
      ],
    });
  });

  it.each([
    [
      '30 2 * * *',
      amsterdam,
      [
        'No run on Sunday 29 March 2026 at 02:30: the clock is put forward',
        'Runs twice on Sunday 25 October 2026 at 02:30: the clock is put back',
      ],
    ],
    [
      '*/10 1-2 * * *',
      amsterdam,
      [
        'No run on Sunday 29 March 2026 at 6 times from 02:00 to 02:50: the clock is put forward',
        'Runs twice on Sunday 25 October 2026 at 6 times from 02:00 to 02:50: the clock is put back',
      ],
    ],
    ['0 3 * * 5', 'Africa/Cairo', ['No run on Friday 24 April 2026 at 03:00: the clock is put forward']],
    ['30 2 * * 1', amsterdam, []],
    ['*/15 * * * *', amsterdam, []],
    ['30 2 * * *', 'UTC', []],
    ['30 2 * * *', 'Asia/Kolkata', []],
    ['0 0 31 * *', 'UTC', ['No run in February, April, June, September and November: no day 31 there']],
    ['0 0 29 2 *', 'UTC', ['Comes only in leap years: the next 29 February is in 2028']],
    ['0 0 29 * *', 'UTC', ['A run in February in leap years only']],
    ['0 0 28 * *', 'UTC', []],
    ['0 0 13 * 5', 'UTC', ['Day of month and day of week are both given: a day of either has a run']],
    [
      '0 0 1-31 * 5',
      'UTC',
      ['Day of month and day of week are both given: a day of either has a run: that is every day'],
    ],
  ])('warns of what %s in %s does on some days', (cron, timeZone, warnings) => {
    expect(describeSchedule({ cron, timeZone }, now).warnings).toEqual(warnings);
  });
});

describe('scheduleProblems', () => {
  it.each(['UTC', amsterdam, 'Asia/Kolkata', 'US/Eastern', 'Etc/GMT+2', 'America/Argentina/Buenos_Aires'])(
    'takes the time zone %s',
    (timeZone) => {
      expect(scheduleProblems({ cron: '0 3 * * *', timeZone })).toEqual([]);
    },
  );

  it.each(['europe/amsterdam', 'PST', '+02:00', 'Local', 'Europe/Nowhere', '../etc/passwd', ' UTC'])(
    'refuses the time zone %s, which a CronJob could not use',
    (timeZone) => {
      expect(scheduleProblems({ cron: '0 3 * * *', timeZone }).map(({ field }) => field)).toEqual([
        'timeZone',
      ]);
    },
  );
});
