import { gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { FindProject } from './projects.ts';
import { samplePod, sampleProject } from './mutate/sample.ts';
import { defaultSettings } from './mutate/settings.ts';
import { createApp, lookUpTimeoutMs, reviewLimit } from './server.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Trial {
  readonly url: string;
  readonly logged: unknown[];
  readonly counted: unknown[];
}

async function serve(change: { findProject?: FindProject; shuttingDown?: true } = {}): Promise<Trial> {
  const logged: unknown[] = [];
  const counted: unknown[] = [];
  const note = (facts: unknown, message?: unknown) => void logged.push([message, facts]);
  const app = createApp({
    findProject: change.findProject ?? (() => Promise.resolve(sampleProject())),
    settings: defaultSettings,
    log: { debug: note, info: note, warn: note, error: note },
    metrics: {
      admitted: ({ resource, result, dryRun }) => void counted.push([resource, result, dryRun]),
      refused: (resource) => void counted.push([resource, 'refused']),
    },
    isShuttingDown: () => change.shuttingDown === true,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, logged, counted };
}

const json = { 'content-type': 'application/json' };

function review(object: unknown = samplePod(), request: object = {}): string {
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u-1', operation: 'CREATE', namespace: 'acme', object, ...request },
  });
}

/** A review of exactly `bytes` bytes. */
function reviewOf(bytes: number): string {
  const pod = (filling: string) => review(samplePod({}, { annotations: { filling } }));
  return pod('x'.repeat(bytes - pod('').length));
}

describe('a review', () => {
  it('is answered with one', async () => {
    const { url, counted } = await serve();
    const answer = await fetch(`${url}/mutate/pods?timeout=5s`, {
      method: 'POST',
      headers: json,
      body: review(),
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(await answer.json()).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'u-1', allowed: true, patchType: 'JSONPatch', patch: expect.any(String) as string },
    });
    expect(counted).toEqual([['pods', 'injected', false]]);
  });

  it('of a Job has a path of its own', async () => {
    const { url, counted } = await serve();
    const template = { metadata: { labels: { 'dbt-jobs.io/project': 'shop' } } };
    const body = review({ spec: { template } });
    expect((await fetch(`${url}/mutate/jobs`, { method: 'POST', headers: json, body })).status).toBe(200);
    expect(counted).toEqual([['jobs', 'injected', false]]);
  });

  it('of a CronJob has a path of its own', async () => {
    const { url, counted } = await serve();
    const template = { metadata: { labels: { 'dbt-jobs.io/project': 'shop' } } };
    const body = review({ spec: { jobTemplate: { spec: { template } } } });
    const { status } = await fetch(`${url}/mutate/cronjobs`, { method: 'POST', headers: json, body });
    expect([status, counted]).toEqual([200, [['cronjobs', 'injected', false]]]);
  });

  it('as large as the limit is answered', async () => {
    const { url } = await serve();
    const body = reviewOf(reviewLimit);
    expect((await fetch(`${url}/mutate/pods`, { method: 'POST', headers: json, body })).status).toBe(200);
  });

  it('is answered with a denial where the webhook itself fails', async () => {
    const { url, logged, counted } = await serve({ findProject: () => Promise.reject(new Error('a bug')) });
    const answer = await fetch(`${url}/mutate/pods`, { method: 'POST', headers: json, body: review() });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      response: {
        uid: 'u-1',
        allowed: false,
        status: {
          code: 500,
          message: 'dbt-jobs: the webhook failed on this object; tell the platform team to look at its log',
        },
      },
    });
    expect(counted).toEqual([['pods', 'failed', false]]);
    expect(logged[0]).toMatchObject(['Could not admit', { uid: 'u-1', namespace: 'acme' }]);
  });

  it('that is a dry run has the same answer and is counted apart', async () => {
    const { url, counted } = await serve();
    const answers = await Promise.all(
      [{ dryRun: true }, { dryRun: false }].map(async (request) => {
        const body = review(samplePod(), request);
        return await (await fetch(`${url}/mutate/pods`, { method: 'POST', headers: json, body })).text();
      }),
    );
    expect(answers[0]).toBe(answers[1]);
    expect(counted).toContainEqual(['pods', 'injected', true]);
  });

  it('leaves no value of a pod in the log', async () => {
    const { url, logged } = await serve();
    const canary = 'canary-value';
    const pod = samplePod(
      {
        containers: [
          { name: 'dbt', image: canary, env: [{ name: 'PASSWORD', value: canary }], args: [canary] },
        ],
      },
      { annotations: { mine: canary } },
    );
    await fetch(`${url}/mutate/pods`, { method: 'POST', headers: json, body: review(pod) });
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(canary);
  });

  it('closes its connection while shutting down', async () => {
    const { url } = await serve({ shuttingDown: true });
    const answer = await fetch(`${url}/mutate/pods`, { method: 'POST', headers: json, body: review() });
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  });
});

describe('a body', () => {
  const cases: Record<
    string,
    { body: string | Uint8Array<ArrayBuffer>; headers?: object; status: number; error: RegExp }
  > = {
    'of another content type is refused': {
      body: review(),
      headers: { 'content-type': 'text/plain' },
      status: 415,
      error: /content type must be application\/json/,
    },
    'that is empty is refused': { body: '', status: 400, error: /empty/ },
    'that is no JSON is refused': { body: '{', status: 400, error: /not JSON/ },
    'that is no UTF-8 is refused': {
      body: Uint8Array.of(0x22, 0xff, 0x22),
      status: 400,
      error: /not JSON in UTF-8/,
    },
    'that is no review is refused': { body: '{}', status: 400, error: /apiVersion/ },
    'of 8 MiB is refused': {
      body: reviewOf(8 * 1024 * 1024),
      status: 413,
      error: /longer than 7340032 bytes/,
    },
    'one byte above the limit is refused': {
      body: reviewOf(reviewLimit + 1),
      status: 413,
      error: /longer than/,
    },
    'that is a bomb is refused': {
      body: new Uint8Array(gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '))),
      headers: { 'content-encoding': 'gzip' },
      status: 415,
      error: /compressed/,
    },
    'of deep JSON is refused': { body: '['.repeat(1_000_000), status: 400, error: /not JSON/ },
  };
  it.each(Object.entries(cases))('%s', async (_, { body, headers, status, error }) => {
    const { url, counted } = await serve();
    const answer = await fetch(`${url}/mutate/pods`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body,
    });
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { error: expect.stringMatching(error) as string },
    ]);
    expect(counted).toEqual([['pods', 'refused']]);
  });
});

describe('every other request', () => {
  it.each([
    ['POST', '/'],
    ['GET', '/mutate/pods'],
    ['POST', '/mutate/deployments'],
  ])('%s %s is not found', async (method, path) => {
    const { url } = await serve();
    expect((await fetch(`${url}${path}`, { method })).status).toBe(404);
  });
});

describe('the time for a look-up', () => {
  const cases: Record<string, [unknown, number]> = {
    'is four fifths of what the API server waits': ['5s', 4000],
    'is four fifths of the longest wait': ['30s', 24_000],
    'is four fifths of 5 s where nothing is said': [undefined, 4000],
    'is four fifths of 5 s where it cannot be read': ['soon', 4000],
    'is four fifths of 5 s where it is said twice': [['1s', '2s'], 4000],
    'is never nothing': ['0s', 1],
  };
  it.each(Object.entries(cases))('%s', (_, [timeout, ms]) => expect(lookUpTimeoutMs(timeout)).toBe(ms));
});
