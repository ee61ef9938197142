import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json } from './testdata/fake-api.ts';
import { conditions, rawJob, rawPod, terminated, waiting } from './testdata/objects.ts';
import { eventually, startWorld, type World } from './testdata/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  world.server.fault = (request, response) => {
    if (request.method !== 'PATCH') return false;
    json(response, 403, { message: 'cannot patch resource "jobs"' });
    return true;
  };
});
afterEach(() => world.close());

const patches = () => world.server.api.requests.filter(({ method }) => method === 'PATCH').length;
const reasons = () => world.server.events.map((event) => event['reason']);
const failedPod = rawPod({ containers: { dbt: terminated(1) }, status: { phase: 'Failed' } });

describe('J30 a run that we may not change', () => {
  it('is told once, by everything but its annotation, and counted', async () => {
    world.server.logs.set('nightly-1-abcde/dbt', '2026-11-23T02:00:05.000000000Z Running with dbt\n');
    world.server.put('pods', failedPod);
    world.server.put('jobs', rawJob({ conditions: conditions.backoff, failed: 1 }));
    const { metrics } = await world.start();
    await eventually(() =>
      expect([...world.controlPlane.outcomes()]).toEqual([['job-uid', 'DbtHandledError']]),
    );
    await eventually(() => expect(world.controlPlane.ends()).toEqual(['complete']));
    const before = patches();
    world.server.put('jobs', rawJob({ conditions: conditions.backoff, failed: 1, labels: { a: 'b' } }));
    world.server.put('jobs', { ...rawJob(), metadata: { ...second } });
    await eventually(() => expect(patches()).toBeGreaterThan(before));
    expect([reasons(), world.outcomeOf('jobs', 'nightly-1')]).toEqual([['DbtHandledError'], undefined]);
    await eventually(async () =>
      expect(await metrics.registry.metrics()).toMatch(
        /dbt_jobs_runs_total\{.*reason="DbtHandledError".*\} 1\n[^]*dbt_jobs_refused_writes_total 1\n/,
      ),
    );
  });

  it('and that cannot start is left to its own end, and told then', async () => {
    const stuck = waiting('CreateContainerConfigError', 'secret "warehouse" not found');
    const longAgo = '2026-11-23T01:00:00Z';
    world.server.put('pods', rawPod({ created: longAgo, scheduled: longAgo, containers: { dbt: stuck } }));
    world.server.put('jobs', rawJob({ startTime: longAgo }));
    const { metrics } = await world.start();
    await eventually(() => expect(patches()).toBeGreaterThan(1));
    expect(reasons()).toEqual([]);
    world.server.put('pods', failedPod);
    world.server.put('jobs', rawJob({ conditions: conditions.backoff, failed: 1 }));
    await eventually(() => expect(reasons()).toEqual(['DbtHandledError']));
    await eventually(() => expect([...world.controlPlane.outcomes()]).toHaveLength(1));
    expect(await metrics.registry.metrics()).toContain('dbt_jobs_refused_writes_total 2');
  });
});

/** Another run, by which to see that the watcher has gone on. */
const second = {
  ...(rawJob()['metadata'] as object),
  name: 'nightly-2',
  uid: 'second-uid',
};
