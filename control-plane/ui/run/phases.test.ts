import { describe, expect, it } from 'vitest';
import type { WireRun } from '../../wire/run.ts';
import { phasesOf } from './phases.ts';

type Attempt = WireRun['attempts'][number];
const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 5, 0, second)).toISOString();
const attempt = (second: number, more: Partial<Attempt> = {}): Attempt => ({
  uid: `p${second}`,
  name: 'pod',
  phase: 'Running',
  createdAt: at(second),
  ...more,
});
const now = Date.parse(at(100));
const whole = { clone: { startedAt: at(12), endedAt: at(16) }, dbt: { startedAt: at(17), endedAt: at(57) } };

describe('phasesOf', () => {
  const cases: Readonly<
    Record<string, readonly [Parameters<typeof phasesOf>[0], readonly [string, string, number][]]>
  > = {
    'is queued until a pod does something': [
      { createdAt: at(0), attempts: [] },
      [
        ['Queued', 'active', 100],
        ['Clone', 'ahead', 0],
        ['dbt', 'ahead', 0],
      ],
    ],
    'clones, then runs dbt': [
      { createdAt: at(0), attempts: [attempt(1, { ...whole, dbt: { startedAt: at(17) } })] },
      [
        ['Queued', 'past', 12],
        ['Clone', 'past', 4],
        ['dbt', 'active', 83],
      ],
    ],
    'stays as it was when it has ended': [
      { createdAt: at(0), endedAt: at(58), attempts: [attempt(1, whole)] },
      [
        ['Queued', 'past', 12],
        ['Clone', 'past', 4],
        ['dbt', 'past', 40],
      ],
    ],
    'ends with the run where nobody saw the end of a phase': [
      { createdAt: at(0), endedAt: at(20), attempts: [attempt(1, { clone: { startedAt: at(12) } })] },
      [
        ['Queued', 'past', 12],
        ['Clone', 'past', 8],
        ['dbt', 'ahead', 0],
      ],
    ],
    'is of the last attempt': [
      { createdAt: at(0), attempts: [attempt(1, whole), attempt(60)] },
      [
        ['Queued', 'active', 40],
        ['Clone', 'ahead', 0],
        ['dbt', 'ahead', 0],
      ],
    ],
  };
  for (const [sentence, [run, phases]] of Object.entries(cases)) {
    it(sentence, () =>
      expect(phasesOf(run, now).map(({ name, state, seconds }) => [name, state, seconds])).toEqual(phases),
    );
  }
});
