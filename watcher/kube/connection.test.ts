import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, startFakeApi } from '../testdata/fake-api.ts';
import { createKubeClient } from './client.ts';
import { serviceAccountConnection } from './connection.ts';

let folder: string;
const write = (token: string) => writeFile(join(folder, 'token'), `${token}\n`);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'account-'));
  await writeFile(join(folder, 'ca.crt'), 'certificate');
  await write('first');
});
afterEach(() => rm(folder, { recursive: true }));

function connect(server = 'https://server') {
  const clock = { now: 0 };
  const connection = serviceAccountConnection({ server, folder, now: () => clock.now });
  return { clock, connection };
}

const carrying = (token: string) => ({
  ca: 'certificate',
  headers: { authorization: `Bearer ${token}` },
});

describe('the connection of a ServiceAccount', () => {
  it('J3 reads a token that the kubelet has renewed within a minute', async () => {
    const { clock, connection } = connect();
    expect(await connection.options()).toEqual(carrying('first'));
    await write('second');
    clock.now = 59_999;
    expect(await connection.options()).toEqual(carrying('first'));
    clock.now = 60_000;
    expect(await connection.options()).toEqual(carrying('second'));
  });

  it('J3 reads the token again before the next call when the server refuses it', async () => {
    const seen: (string | undefined)[] = [];
    const api = await startFakeApi((request, response) => {
      seen.push(request.authorization);
      if (request.authorization === 'Bearer second') json(response, 200, { fine: true });
      else json(response, 401, { message: 'Unauthorized' });
    });
    const client = createKubeClient(connect(api.server).connection);
    await expect(client.request({ path: '/api' })).rejects.toMatchObject({ status: 401 });
    await write('second');
    expect(await client.request({ path: '/api' })).toEqual({ fine: true });
    expect(seen).toEqual(['Bearer first', 'Bearer second']);
    await api.close();
  });
});
