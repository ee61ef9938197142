import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiConnection } from './api-connection.ts';
import { serviceAccountConnection } from './api-connection.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function serviceAccount(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'service-account-'));
  folders.push(folder);
  await writeFile(join(folder, 'ca.crt'), 'the CA');
  await writeFile(join(folder, 'token'), 'first\n');
  return folder;
}

async function authenticated(connection: ApiConnection): Promise<RequestOptions> {
  const options: RequestOptions = { headers: { accept: 'x' } };
  await connection.authenticate(options);
  return options;
}

describe('a request from a pod', () => {
  it('has the token and the CA of its ServiceAccount, and keeps its headers', async () => {
    const folder = await serviceAccount();
    const connection = serviceAccountConnection({ host: '10.0.0.1', port: '443', folder, now: () => 0 });
    expect(connection.server).toBe('https://10.0.0.1:443');
    expect(await authenticated(connection)).toEqual({
      ca: 'the CA',
      headers: { accept: 'x', authorization: 'Bearer first' },
    });
  });

  it('has a new token a minute after the kubelet replaced it, at the latest', async () => {
    const folder = await serviceAccount();
    let time = 0;
    const connection = serviceAccountConnection({ host: '10.0.0.1', port: '443', folder, now: () => time });
    await authenticated(connection);
    await writeFile(join(folder, 'token'), 'second');
    time = 59_999;
    const before = await authenticated(connection);
    time = 60_000;
    const after = await authenticated(connection);
    expect([before.headers, after.headers]).toEqual([
      { accept: 'x', authorization: 'Bearer first' },
      { accept: 'x', authorization: 'Bearer second' },
    ]);
  });

  it('fails where there is no token', async () => {
    const connection = serviceAccountConnection({ host: 'h', port: '443', folder: '/nowhere', now: () => 0 });
    await expect(authenticated(connection)).rejects.toThrow(/ENOENT/);
  });

  it('can go to an IPv6 address', () => {
    const connection = serviceAccountConnection({ host: 'fd00::1', port: '443', folder: '/', now: () => 0 });
    expect(connection.server).toBe('https://[fd00::1]:443');
  });
});
