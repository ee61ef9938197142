import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIncidents } from './slack/incidents.ts';
import { describeRun } from './slack/describe.ts';
import { createNodes } from './dbt/nodes.ts';
import { parseJob } from './kube/job.ts';
import { conditions, rawJob } from './testdata/objects.ts';

/** In Berlin it was 02:30 twice in the night of 25 October 2026, and never in that of 29 March. */
const autumn = { summerTime: '2026-10-25T00:30:00Z', winterTime: '2026-10-25T01:30:00Z' };
const spring = { before: '2026-03-29T00:30:00Z', after: '2026-03-29T01:30:00Z' };

const zone = process.env['TZ'];
beforeEach(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterEach(() => {
  if (zone === undefined) Reflect.deleteProperty(process.env, 'TZ');
  else process.env['TZ'] = zone;
});

function secondsOf(startTime: string, endedAt: string): number | undefined {
  const raw = rawJob({ startTime, conditions: conditions.backoff.map((one) => at(one, endedAt)) });
  const outcome = { result: 'failed', reason: 'DbtHandledError', message: 'm' } as const;
  const context = { projectName: 'shop', project: undefined, runUrl: undefined };
  return describeRun(parseJob(raw), outcome, context).alert.durationSeconds;
}

function at<Condition extends object>(condition: Condition, lastTransitionTime: string): Condition {
  return { ...condition, lastTransitionTime };
}

describe('J23 where the clocks change', () => {
  it('the two instants of an autumn night are the same by the wall clock here', () => {
    const hours = Object.values(autumn).map((instant) => new Date(instant).getHours());
    expect(hours).toEqual([2, 2]);
  });

  it.each([
    ['in autumn', autumn.summerTime, autumn.winterTime],
    ['in spring', spring.before, spring.after],
  ])('%s a run lasts as long as it did', (_, startedAt, endedAt) => {
    expect(secondsOf(startedAt, endedAt)).toBe(3600);
  });

  it('the later run of the hour that comes twice recovers what the earlier one failed', () => {
    const incidents = createIncidents();
    const [first, second] = [Date.parse(autumn.summerTime), Date.parse(autumn.winterTime)];
    const mark = { uid: 'one', channel: '#data', ts: '1.1', thread: '1.1' };
    incidents.failed('nightly', first, mark);
    expect(incidents.open('nightly', second)).toEqual(mark);
    incidents.succeeded('nightly', second);
    expect(incidents.open('nightly', second + 1)).toBeUndefined();
  });

  it('the times of nodes, which dbt writes without a zone, are UTC', () => {
    const nodes = createNodes();
    const [startedAt, finishedAt] = ['2026-10-25T00:30:00.000000', '2026-10-25T01:30:00.000000'];
    nodes.add(0, { kind: 'ended', node: 'model.shop.orders', status: 'success', startedAt, finishedAt });
    const [node] = nodes.latest();
    expect([node?.startedAt, node?.finishedAt]).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });
});
