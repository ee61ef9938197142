import { afterEach, describe, expect, it } from 'vitest';
import { annotations, finalizer } from '../contract/names.ts';
import { IngestionError } from './ingest/control-plane.ts';
import type { KubeClient } from './kube/client.ts';
import { json } from './testdata/fake-api.ts';
import { conditions, rawJob, rawPod, terminated, times } from './testdata/objects.ts';
import { eventually, startWorld, type World } from './testdata/world.ts';

const worlds: World[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));
async function open(): Promise<World> {
  const world = await startWorld();
  worlds.push(world);
  return world;
}

const stamp = (millis: number) => `2026-11-23T02:00:${String(millis / 1000 + 5).padStart(2, '0')}.000000000Z`;
const logLines = [
  'Running with dbt',
  'password=hunter2',
  '1 of 1 ERROR creating sql view model main.a .. [ERROR in 1s]',
];
const safeLines = ['Running with dbt', 'password=***', logLines[2]!];
const logText = (lines = logLines) => lines.map((line, index) => `${stamp(index * 1000)} ${line}\n`).join('');

const runningPod = rawPod();
const failedPod = rawPod({ containers: { dbt: terminated(1) }, status: { phase: 'Failed' } });
const held = [finalizer];

/** A run that begins, is followed, and fails. */
async function begin({ server }: World): Promise<void> {
  server.logs.set('nightly-1-abcde/dbt', logText(logLines.slice(0, 2)));
  server.put('jobs', rawJob());
  server.put('pods', runningPod);
  await eventually(() => expect(server.get('jobs', 'nightly-1')?.metadata.finalizers).toEqual(held));
}
function fail({ server }: World): void {
  server.logs.set('nightly-1-abcde/dbt', logText());
  server.put('pods', failedPod);
  const job = server.get('jobs', 'nightly-1')!;
  const { status } = rawJob({ conditions: conditions.backoff, failed: 1 });
  server.put('jobs', { ...job, status });
}
const finalizers = ({ server }: World, resource = 'jobs', name = 'nightly-1') =>
  server.get(resource, name)?.metadata.finalizers;
const reasons = ({ server }: World) => server.events.map((event) => event['reason']);

describe('a run', () => {
  it('J7 is held, followed, told once, delivered with its whole log, and let go', async () => {
    const world = await open();
    await world.start();
    await begin(world);
    fail(world);
    await eventually(() => expect(finalizers(world)).toEqual([]));
    expect(world.outcomeOf('jobs', 'nightly-1')).toBe('DbtHandledError');
    expect(reasons(world)).toEqual(['DbtHandledError']);
    expect([...world.controlPlane.outcomes()]).toEqual([['job-uid', 'DbtHandledError']]);
    expect(world.controlPlane.log('nightly-1-abcde-uid/dbt')).toEqual(safeLines);
    expect(world.controlPlane.ends()).toEqual(['complete']);
  });

  it('J7 is not told again by a watcher that starts after it, and is let go without a control plane', async () => {
    const world = await open();
    const first = await world.start({ controlPlane: 'none' });
    await begin(world);
    fail(world);
    await eventually(() => expect(finalizers(world)).toEqual([]));
    await first.stop();
    const writes = () =>
      world.server.api.requests.filter(
        ({ method, path }) => method !== 'GET' && /\/(jobs|pods|events)/.test(path),
      ).length;
    const before = writes();
    const second = await world.start({ controlPlane: 'none' });
    await eventually(() => expect(second.isReady()).toBe(true));
    await second.stop();
    expect([reasons(world), writes()]).toEqual([['DbtHandledError'], before]);
  });

  it('J29 is told in the cluster while the control plane is down, and held until it has taken everything', async () => {
    const world = await open();
    world.controlPlane.down = new IngestionError(503, 'down', 1000);
    await world.start();
    await begin(world);
    fail(world);
    await eventually(() => expect(reasons(world)).toEqual(['DbtHandledError']));
    await eventually(() => expect(world.outcomeOf('jobs', 'nightly-1')).toBe('DbtHandledError'));
    expect(finalizers(world)).toEqual(held);
    world.controlPlane.down = undefined;
    await eventually(() => expect(finalizers(world)).toEqual([]));
    expect(world.controlPlane.log('nightly-1-abcde-uid/dbt')).toEqual(safeLines);
  });

  it('J8 whose log a process before this one had whole on disk is held until it is delivered', async () => {
    const world = await open();
    world.controlPlane.down = new IngestionError(503, 'down', 1000);
    const first = await world.start();
    await begin(world);
    fail(world);
    await eventually(async () =>
      expect(await first.metrics.registry.metrics()).toMatch(/^dbt_jobs_ingestion_waiting_runs 1$/m),
    );
    await eventually(() => expect(world.outcomeOf('jobs', 'nightly-1')).toBe('DbtHandledError'));
    await first.stop();
    world.controlPlane.down = undefined;
    await world.start();
    await eventually(() => expect(finalizers(world)).toEqual([]));
    expect(world.controlPlane.log('nightly-1-abcde-uid/dbt')).toEqual(safeLines);
    expect(world.controlPlane.ends()).toEqual(['complete']);
  });

  it('J9 that is deleted by its TTL while no watcher is there is told by the next one, and goes then', async () => {
    const world = await open();
    const first = await world.start();
    await begin(world);
    await first.stop();
    fail(world);
    world.server.delete('jobs', 'nightly-1');
    world.server.delete('pods', 'nightly-1-abcde');
    expect(world.server.get('jobs', 'nightly-1')?.metadata.deletionTimestamp).toBe(times.finished);
    await world.start();
    await eventually(() => expect(world.server.get('jobs', 'nightly-1')).toBeUndefined());
    expect(reasons(world)).toHaveLength(1);
    await eventually(() => expect(world.controlPlane.outcomes().has('job-uid')).toBe(true));
  });

  it('J6 that is deleted and made again under its name while the watch is cut is two runs', async () => {
    const world = await open();
    await world.start();
    await begin(world);
    const again = rawJob();
    world.server.dropWatches();
    world.server.delete('jobs', 'nightly-1');
    await eventually(() => expect(world.server.get('jobs', 'nightly-1')).toBeUndefined());
    world.server.put('jobs', { ...again, metadata: { ...(again['metadata'] as object), uid: 'second-uid' } });
    await eventually(() => expect(finalizers(world)).toEqual(held));
    expect(reasons(world)).toEqual(['JobDeleted']);
    await eventually(() => expect([...world.controlPlane.outcomes()]).toEqual([['job-uid', 'JobDeleted']]));
  });

  it('J12 as a bare Pod that is deleted at work is held until its end is known, and then goes', async () => {
    const world = await open();
    await world.start();
    world.server.put('pods', rawPod({ bare: true, status: { phase: 'Running' } }));
    await eventually(() => expect(finalizers(world, 'pods', 'nightly-1-abcde')).toEqual(held));
    world.server.delete('pods', 'nightly-1-abcde');
    await eventually(() => expect(world.server.get('pods', 'nightly-1-abcde')).toBeUndefined());
    await eventually(() => expect([...world.controlPlane.outcomes().values()]).toEqual(['JobDeleted']));
  });

  it('J30 in a namespace that takes no Events any more is let go at once', async () => {
    const world = await open();
    world.controlPlane.down = new IngestionError(0, 'down');
    await world.start();
    await begin(world);
    world.server.fault = (request, response) => {
      if (request.method !== 'POST') return false;
      json(response, 403, { message: 'the namespace is being terminated' });
      return true;
    };
    world.server.delete('jobs', 'nightly-1');
    await eventually(() => expect(world.server.get('jobs', 'nightly-1')).toBeUndefined());
    world.controlPlane.down = undefined;
    await eventually(() => expect([...world.controlPlane.outcomes().values()]).toEqual(['JobDeleted']));
  });

  it('J26 that two watchers follow at once has one outcome, one Event and each line once', async () => {
    const world = await open();
    await Promise.all([world.start({ disk: 'a' }), world.start({ disk: 'b' })]);
    await begin(world);
    fail(world);
    await eventually(() => expect(finalizers(world)).toEqual([]));
    expect(reasons(world)).toEqual(['DbtHandledError']);
    expect(world.controlPlane.log('nightly-1-abcde-uid/dbt')).toEqual(safeLines);
  });

  it('J27 is reported beside Jobs in which anything may be wrong', async () => {
    const world = await open();
    const poison = [
      { spec: null },
      { spec: { template: { metadata: { labels: [] } } } },
      { status: { conditions: 'none' } },
      { metadata: { name: 'p', namespace: 'shop', uid: 'p9', annotations: { x: 'y'.repeat(262_144) } } },
      { metadata: { name: 'q', namespace: 'shop', uid: 'p10', creationTimestamp: -1 } },
    ];
    for (const [index, part] of poison.entries()) {
      const job = rawJob();
      const metadata = { ...(job['metadata'] as object), name: `poison-${index}`, uid: `poison-${index}` };
      world.server.put('jobs', { ...job, metadata, ...part });
    }
    await world.start();
    await begin(world);
    fail(world);
    await eventually(() => expect(world.outcomeOf('jobs', 'nightly-1')).toBe('DbtHandledError'));
  });

  it('J3 whose pod no watch has told of is held until its log is there, too', async () => {
    const world = await open();
    world.server.fault = (request, response) => {
      if (!request.path.endsWith('/pods') || request.query.get('watch') !== 'true') return false;
      json(response, 503, { message: 'later' });
      return true;
    };
    const watcher = await world.start();
    await eventually(() => expect(watcher.isReady()).toBe(true));
    await begin(world);
    fail(world);
    await eventually(() => expect(finalizers(world)).toEqual([]));
    expect(reasons(world)).toEqual(['DbtHandledError']);
    expect(world.controlPlane.log('nightly-1-abcde-uid/dbt')).toEqual(safeLines);
  });

  it('J3 is reported through resets, refusals and a server that forgets the past', async () => {
    const world = await open();
    const asked = new Map<string, number>();
    // Of each request the fourth try is answered, however they come.
    world.server.fault = ({ method, path, query }, response) => {
      const request = `${method} ${path} ${query.get('watch')}`;
      const tries = asked.get(request) ?? 0;
      asked.set(request, tries + 1);
      if (tries % 4 === 0) response.socket?.resetAndDestroy();
      else if (tries % 4 === 1) json(response, 410, { message: 'too old' });
      else if (tries % 4 === 2) json(response, 500, { message: 'etcd has no leader' });
      else return false;
      return true;
    };
    await world.start();
    await begin(world);
    fail(world);
    await eventually(() => expect(finalizers(world)).toEqual([]));
    expect(reasons(world)).toEqual(['DbtHandledError']);
    expect(world.controlPlane.log('nightly-1-abcde-uid/dbt')).toEqual(safeLines);
  });
});

/** Points at which the process dies: before or after each of its effects, in the order they come. */
const points = Array.from({ length: 10 }, (_, index) => [
  `before effect ${index + 1}`,
  `after effect ${index + 1}`,
]).flat();

describe('J8 a watcher that is killed', () => {
  it.each(points)('%s leaves a run that the next one tells once', async (point) => {
    const [when, , number] = point.split(' ');
    const world = await open();
    let effects = 0;
    let dead = false;
    /** Dies at the point: from then on nothing of it reaches anybody. */
    const effect = async <T>(what: () => Promise<T>): Promise<T> => {
      effects += 1;
      const last = effects === Number(number);
      if (last && when === 'before') dead = true;
      if (dead) return new Promise(() => undefined);
      const done = what().finally(() => {
        if (last) dead = true;
      });
      return done.finally(() => (dead ? new Promise(() => undefined) : undefined));
    };
    const { client } = world.server.api;
    const mortal: KubeClient = {
      request: (call) =>
        dead
          ? new Promise(() => undefined)
          : call.method
            ? effect(() => client.request(call))
            : client.request(call),
      async *stream(call, inactivityMs) {
        for await (const chunk of client.stream(call, inactivityMs)) {
          if (dead) return;
          yield chunk;
        }
      },
    };
    const controlPlane = {
      send: (batch: Parameters<typeof world.controlPlane.send>[0]) =>
        effect(() => world.controlPlane.send(batch)),
    };
    await world.start({ client: mortal, controlPlane });
    world.server.logs.set('nightly-1-abcde/dbt', logText());
    world.server.put('jobs', rawJob());
    world.server.put('pods', runningPod);
    await eventually(() => expect(dead || finalizers(world)?.length === 1).toBe(true));
    fail(world);
    await eventually(() => expect(dead).toBe(true));
    await world.start();
    await eventually(() => expect(world.outcomeOf('jobs', 'nightly-1')).toBe('DbtHandledError'));
    await eventually(() => expect(finalizers(world) ?? []).toEqual([]));
    await eventually(() =>
      expect([...world.controlPlane.outcomes()]).toEqual([['job-uid', 'DbtHandledError']]),
    );
    expect(reasons(world)).toEqual(['DbtHandledError']);
    expect(world.server.get('jobs', 'nightly-1')?.metadata.annotations?.[annotations.outcome]).toContain(
      'job-uid',
    );
  });
});
