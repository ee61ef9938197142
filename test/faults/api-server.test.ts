import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { clusterUp } from '../cluster/cluster.ts';
import { clusterPaths } from '../cluster/cluster-paths.ts';
import { isComponent, killUntilGone, markedProcesses } from '../cluster/marked-processes.ts';
import { create, request } from '../e2e/api.ts';
import { eventsAbout, held, makeJob, read, remove, told } from './runs.ts';
import { installation } from './setup.ts';
import { openStage, requestToken, type Stage } from './stage.ts';

const stages: Stage[] = [];
afterEach(() => Promise.all(stages.splice(0).map((stage) => stage.close())));
async function open(name: string): Promise<Stage> {
  const stage = await openStage(name);
  stages.push(stage);
  return stage;
}

const eventually = (check: () => unknown, seconds = 60) =>
  vi.waitFor(check, { timeout: seconds * 1000, interval: 250 });
/** Prints until something else ends it. */
const endless = 'i=0; while true; do i=$((i+1)); echo line $i; sleep 0.2; done';
const short = 'echo one; sleep 1; echo two; exit 1';

/** The verdict of a run, and that it came once everywhere. */
async function expectTold(stage: Stage, name: string, uid: string, reason: string): Promise<void> {
  expect((await told(stage.namespace, name)).reason).toBe(reason);
  expect(await eventsAbout(stage.namespace, uid)).toEqual([reason]);
  expect(stage.controlPlane.outcomes(uid)).toEqual([reason]);
}

async function killApiServer(): Promise<void> {
  const { dir } = clusterPaths(inject('faults').settings);
  await killUntilGone(async () =>
    (await markedProcesses(dir)).filter((one) => isComponent(one, 'kube-apiserver')).map(({ pid }) => pid),
  );
}

describe('the way to the API server', () => {
  it('J1 J3 an API server that was killed and has forgotten the past costs no run', async () => {
    const stage = await open('killed');
    const watcher = await stage.start();
    const before = await makeJob(stage.namespace, 'before', 'sleep 3; exit 1');
    const after = await makeJob(stage.namespace, 'after', 'sleep 20; exit 1');
    await Promise.all([held(stage.namespace, 'before'), held(stage.namespace, 'after')]);
    await killApiServer();
    await eventually(async () =>
      expect(await watcher.metric('dbt_jobs_watch_errors_total')).toBeGreaterThan(0),
    );
    await clusterUp(inject('faults').settings, () => undefined);
    await expectTold(stage, 'before', before, 'DbtHandledError');
    await expectTold(stage, 'after', after, 'DbtHandledError');
  });

  it('J2 a connection that falls silent is given up in a minute, and what happened meanwhile is told', async () => {
    const stage = await open('silent');
    const watcher = await stage.start({ environment: { INACTIVITY_SECONDS: '46' } });
    const uid = await makeJob(stage.namespace, 'nightly', 'sleep 5; exit 1');
    await held(stage.namespace, 'nightly');
    await stage.ways.api.poison({ type: 'timeout', timeout: 0 });
    const silentAt = Date.now();
    await eventually(
      async () => expect(await watcher.metric('dbt_jobs_watch_errors_total')).toBeGreaterThan(0),
      70,
    );
    expect(Date.now() - silentAt).toBeLessThan(60_000);
    await stage.ways.api.heal();
    await expectTold(stage, 'nightly', uid, 'DbtHandledError');
    expect(Date.now() - silentAt).toBeLessThan(90_000);
  });

  it('J3 resets again and again cost no run, no line of its log and no socket', async () => {
    const stage = await open('resets');
    const watcher = await stage.start();
    const sockets = await watcher.openSockets();
    const uid = await makeJob(
      stage.namespace,
      'nightly',
      'for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 1; done; exit 1',
    );
    await held(stage.namespace, 'nightly');
    for (let times = 0; times < 4; times += 1) {
      const errors = await watcher.metric('dbt_jobs_watch_errors_total');
      await stage.ways.api.poison({ type: 'reset_peer', timeout: 300 });
      await eventually(async () =>
        expect(await watcher.metric('dbt_jobs_watch_errors_total')).toBeGreaterThan(errors),
      );
      await stage.ways.api.heal();
    }
    await expectTold(stage, 'nightly', uid, 'DbtHandledError');
    const lines = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    expect(stage.controlPlane.log(uid, 'dbt')).toEqual({ lines, gaps: [], end: 'complete' });
    await eventually(async () => expect(await watcher.openSockets()).toBeLessThanOrEqual(sockets + 4));
  });

  it('J3 a token that the API server no longer takes is read again', async () => {
    const stage = await open('token');
    await request('DELETE', `/api/v1/namespaces/${installation}/secrets/bound`);
    await create('Secret', installation, { metadata: { name: 'bound' } });
    await writeFile(join(stage.account, 'token'), await requestToken('bound'));
    const watcher = await stage.start();
    await request('DELETE', `/api/v1/namespaces/${installation}/secrets/bound`);
    await writeFile(join(stage.account, 'token'), await requestToken());
    const uid = await makeJob(stage.namespace, 'nightly', short);
    await expectTold(stage, 'nightly', uid, 'DbtHandledError');
    expect(watcher.log.filter(({ level }) => level >= 60)).toEqual([]);
  });
});

describe('a run while no watcher is there', () => {
  it('J9 that its TTL would delete at once is there for the next watcher, with its log', async () => {
    const stage = await open('ttl');
    const first = await stage.start();
    const uid = await makeJob(stage.namespace, 'nightly', short, { ttlSecondsAfterFinished: 0 });
    await held(stage.namespace, 'nightly');
    await first.kill();
    await eventually(async () => {
      const { status } = (await read('Job', stage.namespace, 'nightly')) as { status?: { failed?: number } };
      expect(status?.failed).toBe(1);
    });
    await remove('Job', stage.namespace, 'nightly');
    await stage.start();
    await eventually(async () => expect(await read('Job', stage.namespace, 'nightly')).toBeUndefined());
    expect(await eventsAbout(stage.namespace, uid)).toEqual(['DbtHandledError']);
    await eventually(() =>
      expect(stage.controlPlane.log(uid, 'dbt')).toEqual({
        lines: ['one', 'two'],
        gaps: [],
        end: 'complete',
      }),
    );
  });

  it('J6 that is deleted and made again under its name is two runs', async () => {
    const stage = await open('again');
    const first = await stage.start();
    const old = await makeJob(stage.namespace, 'nightly', endless);
    await held(stage.namespace, 'nightly');
    await first.kill();
    await remove('Job', stage.namespace, 'nightly');
    await stage.start();
    await eventually(async () => expect(await read('Job', stage.namespace, 'nightly')).toBeUndefined());
    const again = await makeJob(stage.namespace, 'nightly', short);
    await expectTold(stage, 'nightly', again, 'DbtHandledError');
    expect(await eventsAbout(stage.namespace, old)).toEqual(['JobDeleted']);
    expect(stage.controlPlane.outcomes(old)).toEqual(['JobDeleted']);
  });
});

it('J26 of two watchers the second works on when the first stands still, and the first writes nothing after it', async () => {
  const stage = await open('two');
  const leased = { WATCH_NAMESPACE: stage.namespace, LEASE_NAMESPACE: installation };
  const first = await stage.start({ environment: { ...leased, POD_NAME: 'first' }, disk: 'first' });
  await eventually(async () => expect(await first.metric('dbt_jobs_watcher_leading')).toBe(1));
  const second = await stage.start({ environment: { ...leased, POD_NAME: 'second' }, disk: 'second' });
  const uid = await makeJob(stage.namespace, 'nightly', 'echo one; sleep 5; exit 1');
  await held(stage.namespace, 'nightly');
  first.pause();
  await eventually(async () => expect(await second.metric('dbt_jobs_watcher_leading')).toBe(1));
  await expectTold(stage, 'nightly', uid, 'DbtHandledError');
  first.resume();
  await eventually(async () => expect(await first.metric('dbt_jobs_watcher_leading')).toBe(0));
  await expectTold(stage, 'nightly', uid, 'DbtHandledError');
  expect(stage.controlPlane.log(uid, 'dbt')).toEqual({ lines: ['one'], gaps: [], end: 'complete' });
});
