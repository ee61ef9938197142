import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readUiFiles } from './read-ui-files.ts';
import { contentSecurityPolicy, serveUi } from './serve-ui.ts';

const folder = mkdtempSync(join(tmpdir(), 'ui-files-'));
const server = createServer();
let base = '';

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>dbt Jobs</title>');
  writeFileSync(join(folder, 'assets', 'main-1.js'), 'export {};'.repeat(100));
  const app = express();
  app.get('/api/v1/me', (_req, res) => res.send('api'));
  app.use(serveUi(readUiFiles(folder)));
  server.on('request', app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string, accept = 'identity') => {
  const response = await fetch(base + path, { headers: { 'accept-encoding': accept } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the UI', () => {
  it('answers the address of any page with index.html, under the policy, to be asked for again', async () => {
    const { status, headers, text } = await get('/acme/shop/runs/u1');
    expect({ status, text }).toEqual({ status: 200, text: '<!doctype html><title>dbt Jobs</title>' });
    expect(headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(headers.get('cache-control')).toBe('no-cache');
  });
  it('sends its files compressed as the browser likes, for good', async () => {
    const { headers, text } = await get('/assets/main-1.js', 'gzip, br');
    expect(text).toBe('export {};'.repeat(100));
    expect(headers.get('content-encoding')).toBe('br');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await get('/assets/main-1.js', 'gzip')).headers.get('content-encoding')).toBe('gzip');
  });
  it('has no page in place of a file that is gone', async () =>
    expect((await get('/assets/old.js')).status).toBe(404));
  it('leaves the API alone', async () => {
    expect((await get('/api/v1/me')).text).toBe('api');
    expect((await get('/api/v1/none')).status).toBe(404);
  });
});

describe('readUiFiles', () => {
  it('says how to build what is not there', () => {
    const empty = mkdtempSync(join(tmpdir(), 'ui-files-'));
    expect(() => readUiFiles(empty)).toThrow('holds no index.html: build the UI with "make ui"');
    rmSync(empty, { recursive: true });
  });
});
