import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { ingestion, type IngestionReport } from '../../contract/ingestion.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { log, line, progress, runRef } from '../store/testdata/reports.ts';
import { createIngestionHandler } from './handler.ts';
import { createIngest } from './ingest.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function start(keep: (reports: readonly IngestionReport[]) => Promise<void> = () => Promise.resolve()) {
  const kept: IngestionReport[] = [];
  const heard: string[] = [];
  const clock = { now: new Date('2026-11-23T02:00:00Z') };
  const ingest = createIngest({
    now: () => clock.now,
    store: {
      async ingest(reports) {
        await keep(reports);
        kept.push(...reports);
      },
      watcher: {
        heard: (at) => Promise.resolve(void heard.push(at)),
        heardAt: () => Promise.resolve(undefined),
      },
    },
  });
  const failed: unknown[] = [];
  const onError: ErrorRequestHandler = (error, _req, res, next) => {
    failed.push(error);
    if (res.headersSent) next(error);
    else res.status(500).end();
  };
  const app = express().post(ingestion.path, createIngestionHandler(ingest)).use(onError);
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const send = async (body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${ingestion.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    const value: unknown = answer.status === 500 ? undefined : await answer.json();
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), value };
  };
  return { send, kept, heard, clock, failed };
}

const batch = (...reports: unknown[]) => ({ version: 'v1', sentBy: 'watcher-0', reports });
const problem = (status: number, title: string) => ({ title, status });

describe('the address of ingestion', () => {
  it('answers once the batch is safe, with what never will be', async () => {
    const { send, kept } = await start();
    const reports = [progress(runRef('r1')), { kind: 'rumour' }];
    expect(await send(batch(...reports))).toEqual({
      status: 200,
      retryAfter: null,
      value: {
        rejected: [{ index: 1, message: expect.stringContaining('kind: Invalid discriminator') as string }],
      },
    });
    expect(kept).toEqual(reports.slice(0, 1));
  });

  it('remembers when the watcher spoke, also where it had nothing to tell, but not at every batch', async () => {
    const { send, heard, clock } = await start();
    for (const at of ['2026-11-23T02:00:00.000Z', '2026-11-23T02:00:05.000Z', '2026-11-23T02:00:10.000Z']) {
      clock.now = new Date(at);
      await send(batch());
    }
    expect(heard).toEqual(['2026-11-23T02:00:00.000Z', '2026-11-23T02:00:10.000Z']);
  });

  const refused: Record<string, { body: unknown; status: number; title: string }> = {
    'what is no batch': {
      body: { version: 'v2', sentBy: 'w', reports: [] },
      status: 400,
      title: 'No batch: version: Invalid input: expected "v1"',
    },
    'what is no JSON': { body: '{', status: 400, title: 'The body is no JSON' },
    'what is too large': {
      body: batch(log(runRef('r1'), [line(1, 'x'.repeat(ingestion.batchBytes))])),
      status: 413,
      title: 'A batch has at most 1048576 bytes',
    },
  };
  for (const [sentence, { body, status, title }] of Object.entries(refused)) {
    it(`refuses ${sentence}`, async () => {
      const { send, kept } = await start();
      expect(await send(body)).toEqual({ status, retryAfter: null, value: problem(status, title) });
      expect(kept).toEqual([]);
    });
  }

  it('refuses what unpacks into too much', async () => {
    const { send } = await start();
    const packed = gzipSync(JSON.stringify(batch()) + ' '.repeat(2 * ingestion.batchBytes));
    const sent = await send(new Uint8Array(packed), { 'content-encoding': 'gzip' });
    expect(sent.status).toBe(413);
  });

  it('J29 asks for patience while the database is away', async () => {
    const { send, heard } = await start(() => Promise.reject(new StoreUnavailableError('gone')));
    expect(await send(batch(progress(runRef('r1'))))).toEqual({
      status: 503,
      retryAfter: '5',
      value: problem(503, 'The database of the control plane does not answer'),
    });
    expect(heard).toEqual([]);
  });

  it('J29 asks for patience when too many bytes wait, and takes more once they are written', async () => {
    const { promise: written, resolve: write } = Promise.withResolvers<undefined>();
    const { send, kept } = await start(() => written);
    const large = batch(log(runRef('r1'), [line(1, 'x'.repeat(900_000))]));
    const waiting = Array.from({ length: 20 }, () => send(large));
    // The first that cannot wait is answered at once; the others once they are written.
    expect(await Promise.race(waiting)).toEqual({
      status: 429,
      retryAfter: '1',
      value: problem(429, 'Too much is waiting to be written'),
    });
    write(undefined);
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    expect([...new Set(statuses)].sort()).toEqual([200, 429]);
    expect(kept.length).toBe(statuses.filter((status) => status === 200).length);
    expect((await send(large)).status).toBe(200);
  });

  it('leaves what nobody thought of to the server', async () => {
    const { send, failed } = await start(() => Promise.reject(new TypeError('a bug')));
    expect((await send(batch())).status).toBe(500);
    expect(failed).toEqual([new TypeError('a bug')]);
  });
});
