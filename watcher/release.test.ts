import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { finalizer } from '../contract/names.ts';
import { releaseAll } from './release.ts';
import { type ApiServer, startApiServer } from './testdata/api-server.ts';
import { json } from './testdata/fake-api.ts';
import { rawJob, rawPod, times } from './testdata/objects.ts';

const servers: ApiServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map(({ api }) => api.close())));

async function start(): Promise<ApiServer> {
  const server = await startApiServer();
  servers.push(server);
  server.put('jobs', rawJob({ finalizers: ['other.example/keep', finalizer] }));
  server.put('pods', rawPod({ bare: true, finalizers: [finalizer] }));
  return server;
}

const release = ({ api }: ApiServer) =>
  releaseAll(
    {
      client: api.client,
      log: pino({ enabled: false }),
      namespace: undefined,
      random: () => 0,
      sleep: () => Promise.resolve(),
    },
    new AbortController().signal,
  );
const held = (server: ApiServer) => [
  server.get('jobs', 'nightly-1')?.metadata.finalizers,
  server.get('pods', 'nightly-1-abcde')?.metadata.finalizers,
];

describe('releaseAll', () => {
  it('J9 takes our finalizer and no other from every Job and Pod', async () => {
    const server = await start();
    await release(server);
    expect(held(server)).toEqual([['other.example/keep'], []]);
  });

  it('J27 takes it from an object too in which everything else is wrong', async () => {
    const server = await start();
    const { metadata } = rawJob({ finalizers: [finalizer], deleted: times.finished });
    server.put('jobs', {
      metadata: { ...(metadata as object), name: 'odd', uid: 'odd' },
      spec: null,
      status: 'x',
    });
    await release(server);
    expect(server.get('jobs', 'odd')).toBeUndefined();
  });

  it('J3 tries again through conflicts and a server that does not answer', async () => {
    const server = await start();
    let count = 0;
    server.fault = ({ method }, response) => {
      count += 1;
      if (count % 3 === 1) response.socket?.resetAndDestroy();
      else if (method === 'PATCH' && count % 3 === 2) json(response, 409, { message: 'modified' });
      else return false;
      return true;
    };
    await release(server);
    expect(held(server)).toEqual([['other.example/keep'], []]);
  });

  it('J30 names what it may not release, and releases the rest', async () => {
    const server = await start();
    server.fault = ({ method, path }, response) => {
      if (method !== 'PATCH' || !path.includes('/jobs/')) return false;
      json(response, 403, { message: 'forbidden' });
      return true;
    };
    await expect(release(server)).rejects.toThrow(/1 objects keep the finalizer.*Job shop\/nightly-1/);
    expect(held(server)[1]).toEqual([]);
  });
});
