import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron, type Cron } from './cron.ts';
import { dayMatches } from './next-runs.ts';
import { reading } from './reading.ts';

function cronOf(text: string): Cron {
  const parsed = parseCron(text);
  if ('problems' in parsed) throw new Error(parsed.problems.join());
  return parsed.cron;
}

const readings = {
  '0 3 * * *': 'Every day at 03:00',
  '@daily': 'Every day at 00:00',
  '0 6,18 * * *': 'Every day at 06:00 and 18:00',
  '0 3 * * 1': 'Every Monday at 03:00',
  '0 3 * * MON-FRI': 'At 03:00 from Monday to Friday',
  '0 3 * * 0,5,6': 'At 03:00 from Friday to Sunday',
  '0 3 * * 1,3,5': 'At 03:00 on Monday, Wednesday and Friday',
  '0 3 * * 0,6': 'At 03:00 on Saturday and Sunday',
  '0 3 * 1 *': 'Every day at 03:00 in January',
  '0 3 1 * *': 'At 03:00 on day 1 of the month',
  '0 3 1,15 * *': 'At 03:00 on days 1 and 15 of the month',
  '0 3 1-7 * *': 'At 03:00 on days 1 to 7 of the month',
  '0 3 1 1,4,7,10 *': 'At 03:00 on day 1 of January, April, July and October',
  '0 3 13 * 5': 'At 03:00 on day 13 of the month and on every Friday',
  '0 3 13 6-8 1,5': 'At 03:00 on day 13 of the month and on every Monday and every Friday, in June to August',
  '0 3 1-31 * 5': 'Every day at 03:00',
  '0 3 * 2 0-6': 'Every day at 03:00 in February',
  '* * * * *': 'Every minute',
  '*/15 * * * *': 'Every 15 minutes',
  '*/7 * * * *': 'At minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour',
  '0 * * * *': 'Every hour',
  '15 * * * *': 'At minute 15 of every hour',
  '0 */2 * * *': 'At minute 0 of every 2nd hour',
  '15 */2 * * 1-5': 'At minute 15 of every 2nd hour from Monday to Friday',
  '0 */5 * * *': 'Every day at 00:00, 05:00, 10:00, 15:00 and 20:00',
  '0 9-17 * * 1-5': 'Every hour from 09:00 to 17:00, from Monday to Friday',
  '15 9-17 * * *': 'Every hour from 09:15 to 17:15',
  '*/15 9-17 * * *': 'Every 15 minutes from 09:00 to 17:45',
  '*/5 3 * * 1': 'Every 5 minutes from 03:00 to 03:55, on Monday',
  '5,20 9-17 * * *': 'At minutes 5 and 20 of hours 9 to 17',
  '* 1,3,5 * * *': 'Every minute of hours 1, 3 and 5',
  '*/30 */6 * 12 *': 'Every 30 minutes of every 6th hour in December',
  '1-10 3 * * *': 'At minutes 1 to 10 of hour 3',
  '0 1-23/2 * * *': 'At minute 0 of hours 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21 and 23',
} as const;

describe('reading', () => {
  it.each(Object.entries(readings))('of %s is: %s', (text, expected) => {
    expect(reading(cronOf(text))).toBe(expected);
  });

  it('tells schedules apart that differ in when they run', () => {
    const known = new Map<string, string>();
    const values = (first: number, last: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: first, max: last }).map(String),
        fc.integer({ min: 1, max: last }).map((step) => `*/${step}`),
        fc
          .tuple(fc.integer({ min: first, max: last }), fc.integer({ min: first, max: last }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.array(fc.integer({ min: first, max: last }), { minLength: 1, maxLength: 5 }).map(String),
      );
    const crons = fc.tuple(values(0, 59), values(0, 23), values(1, 31), values(1, 12), values(0, 6));
    fc.assert(
      fc.property(crons, (words) => {
        const parsed = parseCron(words.join(' '));
        if ('problems' in parsed) return;
        const [sentence, when] = [reading(parsed.cron), meaning(parsed.cron)];
        expect(known.get(sentence) ?? when).toBe(when);
        known.set(sentence, when);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Which minutes, hours and days of four years it comes on, whatever it was written as. */
function meaning(cron: Cron): string {
  const first = Date.UTC(2025, 0, 1);
  const days = Array.from({ length: 4 * 365 + 1 }, (_, index) => new Date(first + index * 86_400_000));
  const matching = days.map((day) =>
    cron.months.includes(day.getUTCMonth() + 1) && dayMatches(cron, day) ? 'x' : ' ',
  );
  return `${cron.minutes.join()} ${cron.hours.join()} ${matching.join('')}`;
}
