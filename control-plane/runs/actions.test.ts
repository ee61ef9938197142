import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ended, failing, jobPath, pod, shop, startWorld, type Told, type World } from './testdata/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe('GET …/runs/:run', () => {
  const actions = async () => {
    const { body } = await world.call('GET', `${shop}/runs/r1`);
    return (body as { readonly actions: unknown }).actions;
  };
  const not = (why: string) => ({ possible: false, why });
  const can = { possible: true };

  it('offers to cancel what is at work', async () => {
    await world.tell();
    world.run();
    expect(await actions()).toEqual({
      cancel: can,
      again: not('It has not ended'),
      retry: not('It has not ended'),
    });
  });

  it('offers nothing of what is being cancelled', async () => {
    await world.tell();
    world.run();
    await world.post('/runs/r1/cancel');
    expect(await actions()).toMatchObject({ cancel: not('ann has cancelled it: it is ending') });
  });

  it('offers to run again what has succeeded', async () => {
    await world.tell({ reason: 'DbtSucceeded' });
    expect(await actions()).toEqual({
      cancel: not('It has ended'),
      again: can,
      retry: not('Nothing failed'),
    });
  });

  it('offers all but the cancel of what has failed', async () => {
    await world.tell({ reason: 'DbtHandledError', nodes: failing });
    world.run(['dbt', 'build'], ended);
    expect(await actions()).toEqual({ cancel: not('It has ended'), again: can, retry: can });
  });

  const impossible: Readonly<Record<string, [Told, { readonly again?: string; readonly retry: string }]>> = {
    'that tried a plan': [
      { trigger: 'plan', reason: 'DbtHandledError' },
      { again: 'It tried a plan: make another plan', retry: 'It tried a plan: make another plan' },
    ],
    'of another tool': [
      { run: { kind: 'Pod' }, reason: 'DbtHandledError' },
      {
        again: 'It is a pod of another tool: run it again there',
        retry: 'It is a pod of another tool: run it again there',
      },
    ],
    'whose command was cut': [
      { command: ['dbt', 'build', '--vars', '{"a…'], reason: 'DbtHandledError' },
      {
        again: 'Kubernetes no longer has it, and the history has not kept all of its command',
        retry: 'Kubernetes no longer has it, and the history has not kept all of its command',
      },
    ],
    'whose command held a secret': [
      { command: ['dbt', 'build', '--vars', '{"token": "***"}'], reason: 'DbtHandledError' },
      {
        again: 'Kubernetes no longer has it, and the history has not kept all of its command',
        retry: 'Kubernetes no longer has it, and the history has not kept all of its command',
      },
    ],
    'in which dbt began nothing': [
      { reason: 'DbtHandledError' },
      { retry: 'dbt had not begun any node: run it again' },
    ],
    'whose plan is gone': [
      { run: { plan: 'older' }, reason: 'DbtHandledError', nodes: failing },
      { retry: 'Plan older can no longer be run: run it again' },
    ],
  };
  it.each(Object.entries(impossible))(
    'says why there is no retry of a run %s',
    async (_, [told, { again, retry }]) => {
      await world.tell(told);
      expect(await actions()).toMatchObject({
        again: again === undefined ? can : not(again),
        retry: not(retry),
      });
    },
  );

  it('is another run where its name belongs to one by now', async () => {
    await world.tell();
    world.kube.put(jobPath('nightly-1'), {
      metadata: { name: 'nightly-1', namespace: 'acme', uid: 'r2' },
      spec: { template: pod(['dbt', 'run']) },
    });
    expect(await actions()).toMatchObject({ cancel: not('Kubernetes no longer has it') });
  });

  it('is not there for another project or organization', async () => {
    await world.tell();
    for (const place of ['acme/projects/blog', 'globex/projects/shop']) {
      expect((await world.call('GET', `/organizations/${place}/runs/r1`)).status).toBe(404);
      expect((await world.call('POST', `/organizations/${place}/runs/r1/cancel`)).status).toBe(404);
    }
  });
});
