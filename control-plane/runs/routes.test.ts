import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ended, failing, jobPath, ownedBy, pod, shop, startWorld, type World } from './testdata/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe('POST …/jobs/:job/runs', () => {
  it('makes a run of the job as the user, and keeps it at once', async () => {
    const { status, body } = await world.post('/jobs/nightly/runs');
    const told = {
      name: 'nightly-x3',
      project: 'shop',
      job: 'nightly',
      phase: 'pending',
      trigger: { kind: 'manual', by: 'ann' },
      command: ['dbt', 'build'],
      createdAt: '2026-02-03T10:00:00.000Z',
    };
    expect({ status, body }).toEqual({ status: 201, body: { uid: 'uid-3', ...told } });
    expect(world.kube.writes).toEqual([
      { by: 'ann', method: 'POST', path: '/apis/batch/v1/namespaces/acme/jobs' },
    ]);
    expect(world.made()).toMatchObject([
      {
        metadata: {
          labels: { team: 'data' },
          annotations: { 'dbt-jobs.io/triggered-by': 'ann', 'cronjob.kubernetes.io/instantiate': 'manual' },
          ownerReferences: [ownedBy],
        },
        spec: { ttlSecondsAfterFinished: 86_400 },
      },
    ]);
    expect((await world.call('GET', `${shop}/runs`)).body).toEqual({ runs: [{ uid: 'uid-3', ...told }] });
  });

  it('makes none of a job of another project, or of none', async () => {
    expect((await world.call('POST', '/organizations/acme/projects/blog/jobs/nightly/runs')).status).toBe(
      404,
    );
    expect((await world.post('/jobs/weekly/runs')).status).toBe(404);
    expect(world.made()).toEqual([]);
  });
});

describe('POST …/runs/:run/cancel', () => {
  it('names who did it and ends the run, in one write as the user', async () => {
    await world.tell();
    world.run();
    expect(await world.post('/runs/r1/cancel')).toMatchObject({
      status: 200,
      body: { uid: 'r1', cancelledBy: 'ann', actions: { cancel: { possible: false } } },
    });
    expect(world.kube.writes).toEqual([{ by: 'ann', method: 'PATCH', path: jobPath('nightly-1') }]);
    expect(world.kube.objects.get(jobPath('nightly-1'))).toMatchObject({
      metadata: { annotations: { 'dbt-jobs.io/cancelled-by': 'ann' } },
      spec: { activeDeadlineSeconds: 1, backoffLimit: 0 },
    });
  });

  it('deletes a suspended Job, whose deadline never comes', async () => {
    await world.tell();
    world.run(['dbt', 'build'], { spec: { suspend: true } });
    expect((await world.post('/runs/r1/cancel')).status).toBe(200);
    expect(world.kube.writes.map(({ method }) => method)).toEqual(['PATCH', 'DELETE']);
    expect(world.kube.objects.has(jobPath('nightly-1'))).toBe(false);
  });

  it('says why it cannot', async () => {
    await world.tell({ reason: 'DbtSucceeded' });
    expect(await world.post('/runs/r1/cancel')).toEqual({
      status: 409,
      body: { status: 409, title: 'nightly-1 cannot be cancelled', detail: 'It has ended.' },
    });
  });
});

describe('POST …/runs/:run/again', () => {
  it('runs the same words under the plan in force, whatever the job says by now', async () => {
    await world.tell({ reason: 'DbtHandledError' });
    world.run(['dbt', 'run', '--select', 'a'], ended);
    expect(await world.post('/runs/r1/again')).toMatchObject({
      status: 201,
      body: {
        job: 'nightly',
        command: ['dbt', 'run', '--select', 'a'],
        trigger: { kind: 'manual', by: 'ann' },
      },
    });
    const [job] = world.made();
    expect(job).toMatchObject({
      spec: { activeDeadlineSeconds: 600 },
      metadata: { ownerReferences: [ownedBy] },
    });
    expect(JSON.stringify(job)).not.toContain('dbt-jobs.io/plan');
  });

  it('takes the job where the run is gone', async () => {
    await world.tell({ reason: 'DbtHandledError', command: ['dbt', 'test'] });
    expect(await world.post('/runs/r1/again')).toMatchObject({
      status: 201,
      body: { command: ['dbt', 'test'] },
    });
    expect(world.made()).toMatchObject([{ metadata: { labels: { team: 'data' } } }]);
  });

  it('makes one of its own where the job is gone, too', async () => {
    await world.tell({ run: { job: 'gone' }, reason: 'DbtHandledError', command: ['dbt', 'test'] });
    const { status, body } = await world.post('/runs/r1/again');
    expect({ status, body }).toMatchObject({ status: 201, body: { job: 'gone', name: 'gone-x3' } });
    expect(world.kube.objects.get(jobPath('gone-x3'))).toMatchObject({
      metadata: { labels: { 'dbt-jobs.io/job': 'gone' } },
      spec: { backoffLimit: 0, template: pod(['dbt', 'test']) },
    });
  });
});

describe('…/runs/:run/retry', () => {
  it('shows what it would run, and then runs it under the plan of the run', async () => {
    await world.tell({ reason: 'DbtHandledError', nodes: failing });
    world.run(['dbt', 'build', '--threads', '4'], ended);
    const argv = ['dbt', 'build', '--threads', '4', '--select', 'b', 'c', '--indirect-selection', 'empty'];
    expect(await world.call('GET', `${shop}/runs/r1/retry`)).toEqual({
      status: 200,
      body: { argv, plan: 'old', nodes: ['model.shop.b', 'model.shop.c'], rest: false },
    });
    expect(world.made()).toEqual([]);
    expect(await world.post('/runs/r1/retry')).toMatchObject({
      status: 201,
      body: { command: argv, plan: 'old', trigger: { kind: 'retry', by: 'ann', retryOf: 'r1' } },
    });
    expect(world.made()).toMatchObject([
      { metadata: { annotations: { 'dbt-jobs.io/retry-of': 'r1' } }, spec: { template: pod(argv, 'old') } },
    ]);
  });

  it('runs the rest of what was killed', async () => {
    await world.tell({
      reason: 'OOMKilled',
      nodes: { 'model.shop.a': 'success', 'model.shop.b': 'started' },
    });
    expect((await world.call('GET', `${shop}/runs/r1/retry`)).body).toEqual({
      argv: ['dbt', 'build', '--exclude', 'a', '--indirect-selection', 'empty'],
      plan: 'old',
      nodes: ['model.shop.b'],
      rest: true,
    });
  });

  it('says why it cannot', async () => {
    await world.tell({ reason: 'DbtSucceeded' });
    for (const method of ['GET', 'POST']) {
      expect(await world.call(method, `${shop}/runs/r1/retry`)).toEqual({
        status: 409,
        body: { status: 409, title: 'nightly-1 cannot be retried', detail: 'Nothing failed.' },
      });
    }
  });
});

it('lists runs by what is asked for, and says what cannot be asked', async () => {
  await world.tell({ reason: 'DbtHandledError' });
  await world.tell({ run: { uid: 'r2', name: 'other-1', job: 'other' } });
  const names = async (query: string) => {
    const { body } = await world.call('GET', `${shop}/runs?${query}`);
    return (body as { readonly runs: readonly { readonly name: string }[] }).runs.map(({ name }) => name);
  };
  expect(await names('job=other')).toEqual(['other-1']);
  expect(await names('result=failed')).toEqual(['nightly-1']);
  expect((await names('limit=50')).length).toBe(2);
  expect(await world.call('GET', `${shop}/runs?limit=1000&page=2`)).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'limit' }, { field: 'page', message: 'is not a field here' }] },
  });
});

it('tells the nodes of a run', async () => {
  await world.tell({ nodes: { 'model.shop.a': 'success' } });
  expect((await world.call('GET', `${shop}/runs/r1/nodes`)).body).toMatchObject({
    invocations: [
      { attempt: 'a1', nodes: [{ uniqueId: 'model.shop.a', type: 'model', name: 'a', status: 'success' }] },
    ],
  });
});
