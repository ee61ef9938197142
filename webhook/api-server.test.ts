import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectApiServer } from './api-server.ts';
import type { ApiServer } from './api-server.ts';
import { renewCertificates } from './certificate-authority.ts';

const certificates = await renewCertificates('create', undefined, ['localhost'], Date.now());
const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A real TLS server that answers as `listener` does, seen by a client that trusts it and has a token. */
async function serve(listener: RequestListener): Promise<ApiServer> {
  const server = createServer({ key: certificates.leafKey, cert: certificates.leaf }, listener).listen(0);
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return connectApiServer({
    server: `https://localhost:${port}`,
    authenticate: (options) => {
      options.ca = certificates.caBundle;
      options.headers = Object.assign({}, options.headers, { authorization: 'Bearer the-token' });
      return Promise.resolve();
    },
  });
}

const never = new AbortController().signal;

describe('a request', () => {
  it('is sent with the token, the content type and the body', async () => {
    const api = await serve((req, res) => {
      const { authorization, 'content-type': type } = req.headers;
      let sent = '';
      req.on('data', (chunk: Buffer) => (sent += chunk.toString()));
      req.on('end', () =>
        res.writeHead(201).end(JSON.stringify([req.method, req.url, authorization, type, sent])),
      );
    });
    const asked = {
      method: 'PATCH',
      path: '/a?b=c',
      body: { d: 1 },
      contentType: 'x/y',
      timeoutMs: 5000,
    } as const;
    expect(await api.request(asked)).toEqual({
      status: 201,
      body: ['PATCH', '/a?b=c', 'Bearer the-token', 'x/y', '{"d":1}'],
    });
  });

  it('that is refused is an answer, without a body that is no JSON', async () => {
    const api = await serve((_req, res) => res.writeHead(503).end('<html>'));
    expect(await api.request({ method: 'GET', path: '/', timeoutMs: 5000 })).toEqual({
      status: 503,
      body: undefined,
    });
  });

  const silent: Record<string, RequestListener> = {
    'before the headers': () => undefined,
    'within the body': (_req, res) => void res.writeHead(200).write('{'),
  };
  it.each(Object.entries(silent))('ends in time where the server falls silent %s', async (_, listener) => {
    const api = await serve(listener);
    await expect(api.request({ method: 'GET', path: '/', timeoutMs: 50 })).rejects.toThrow();
  });
});

describe('a watch', () => {
  const collect = async (lines: AsyncIterable<unknown>, into: unknown[]): Promise<void> => {
    for await (const line of lines) into.push(line);
  };

  it('gives one value a line, however the lines are cut, and ends with the answer', async () => {
    const api = await serve((_req, res) => {
      res.write('{"a":1}\n{"b"');
      setImmediate(() => res.end(':"é"}\n'));
    });
    const lines: unknown[] = [];
    await collect(api.watch({ path: '/', silenceMs: 5000, signal: never }), lines);
    expect(lines).toEqual([{ a: 1 }, { b: 'é' }]);
  });

  const failures: Record<string, { listener: RequestListener; error: RegExp }> = {
    'is not answered with 200': {
      listener: (_req, res) => res.writeHead(410).end('{}'),
      error: /the API server answered 410/,
    },
    'is cut off': {
      listener: (_req, res) => res.write('{"a":1}\n', () => res.destroy()),
      error: /aborted|reset|terminated/i,
    },
    'falls silent': {
      listener: (_req, res) => void res.writeHead(200).write('{"a":1}\n'),
      error: /nothing came for 100 ms/,
    },
    'is never answered': { listener: () => undefined, error: /did not answer/ },
    'sends a line that is no JSON': { listener: (_req, res) => res.end('{\n'), error: /JSON/ },
  };
  it.each(Object.entries(failures))('throws where it %s', async (_, { listener, error }) => {
    const api = await serve(listener);
    await expect(collect(api.watch({ path: '/', silenceMs: 100, signal: never }), [])).rejects.toThrow(error);
  });

  it('ends when it is stopped', async () => {
    const api = await serve((_req, res) => void res.writeHead(200).write('{"a":1}\n'));
    const stop = new AbortController();
    const lines = api.watch({ path: '/', silenceMs: 5000, signal: stop.signal });
    await expect(
      (async () => {
        for await (const line of lines) if (line !== undefined) stop.abort();
      })(),
    ).rejects.toThrow(/abort/i);
  });
});
