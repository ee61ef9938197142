import { afterEach, describe, expect, it, vi } from 'vitest';
import { conditions, rawJob, rawPod, terminated } from './testdata/objects.ts';
import { startWorld, type World } from './testdata/world.ts';

const worlds: World[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));
async function open(): Promise<World> {
  const world = await startWorld();
  worlds.push(world);
  return world;
}

const log = '2026-11-23T02:00:05.000000000Z Running with dbt\n';

/** The run of this number and its only pod. */
function objects(number: number, state: 'running' | 'failed') {
  const name = `run-${number}`;
  const [job, pod] =
    state === 'running'
      ? [rawJob(), rawPod()]
      : [
          rawJob({ conditions: conditions.backoff, failed: 1 }),
          rawPod({ containers: { dbt: terminated(1) }, status: { phase: 'Failed' } }),
        ];
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid: name, controller: true };
  return {
    job: { ...job, metadata: { ...(job['metadata'] as object), name, uid: name } },
    pod: {
      ...pod,
      metadata: {
        ...(pod['metadata'] as object),
        name: `${name}-a`,
        uid: `${name}-a`,
        ownerReferences: [owner],
      },
    },
  };
}

function begin({ server }: World, number: number): void {
  const { job, pod } = objects(number, 'running');
  server.logs.set(`run-${number}-a/dbt`, log);
  server.put('jobs', job);
  server.put('pods', pod);
}

/** Of a run that is held already only the status changes. */
function fail({ server }: World, number: number): void {
  const { job, pod } = objects(number, 'failed');
  server.put('pods', pod);
  const known = server.get('jobs', `run-${number}`);
  server.put('jobs', known === undefined ? job : { ...known, status: (job as { status?: object }).status });
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 25_000, interval: 200 });

/** How often each of the first `count` runs was told, where that was not once. */
function notOnce({ server }: World, count: number): [string, number][] {
  const told = new Map(numbers(count).map((number) => [`run-${number}`, 0]));
  for (const { regarding } of server.events as unknown as { regarding: { uid: string } }[])
    told.set(regarding.uid, (told.get(regarding.uid) ?? 0) + 1);
  return [...told].filter(([, times]) => times !== 1);
}

function unsettled(world: World, count: number): string[] {
  return numbers(count)
    .map((number) => `run-${number}`)
    .filter((name) => {
      const finalizers = world.server.get('jobs', name)?.metadata.finalizers ?? [];
      return world.outcomeOf('jobs', name) !== 'DbtHandledError' || finalizers.length > 0;
    });
}

describe('J28 runs that ended before the watcher started', () => {
  it('are listed in pages and told once each, and what comes meanwhile is told before them', async () => {
    const world = await open();
    const count = 600;
    for (const number of numbers(count)) fail(world, number);
    await world.start();
    begin(world, count);
    await eventually(() =>
      expect(world.server.get('jobs', `run-${count}`)?.metadata.finalizers).toHaveLength(1),
    );
    fail(world, count);
    await eventually(() => expect(unsettled(world, count + 1)).toEqual([]));
    expect(notOnce(world, count + 1)).toEqual([]);
    expect([...world.controlPlane.outcomes().keys()]).toHaveLength(count + 1);
    const pages = world.server.api.requests.filter(
      ({ path, query }) => path.endsWith('/jobs') && query.has('limit'),
    );
    expect(pages.map(({ query }) => query.get('continue'))).toEqual([null, '500']);
  });
});

describe('J31 a watcher that works on', () => {
  it('tells each of many runs once, with its log, while the server and itself come and go', async () => {
    const world = await open();
    const count = 150;
    let down = false;
    world.server.fault = (_, response) => {
      if (down) response.socket?.resetAndDestroy();
      return down;
    };
    let watcher = await world.start();
    for (const number of numbers(count)) {
      begin(world, number);
      if (number % 50 === 20) {
        down = true;
        world.server.dropWatches();
      }
      if (number % 50 === 30) down = false;
      if (number % 50 === 40) {
        await watcher.stop();
        watcher = await world.start();
      }
      if (number >= 5) fail(world, number - 5);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const number of numbers(5)) fail(world, count - 5 + number);
    await eventually(() => expect(unsettled(world, count)).toEqual([]));
    expect(notOnce(world, count)).toEqual([]);
    await eventually(() =>
      expect(
        numbers(count).filter((number) => world.controlPlane.log(`run-${number}-a/dbt`).length !== 1),
      ).toEqual([]),
    );
    await vi.waitFor(async () => {
      const metrics = await watcher.metrics.registry.metrics();
      expect(metrics).toMatch(/^dbt_jobs_ingestion_waiting_runs 0$/m);
      expect(metrics).toMatch(/^dbt_jobs_spool_bytes 0$/m);
    });
  });
});

describe('J24 two Jobs of one tick', () => {
  it('are two runs, each told once', async () => {
    const world = await open();
    for (const number of [0, 1]) {
      const { job, pod } = objects(number, 'failed');
      const annotations = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-11-23T02:00:00Z' };
      world.server.put('pods', pod);
      world.server.put('jobs', { ...job, metadata: { ...job.metadata, annotations } });
    }
    await world.start();
    await eventually(() => expect(unsettled(world, 2)).toEqual([]));
    expect(notOnce(world, 2)).toEqual([]);
  });
});
