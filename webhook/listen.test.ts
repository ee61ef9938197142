import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { renewCertificates } from './certificate-authority.ts';
import { createPlainServer, createTlsServer, listen } from './listen.ts';

const servers: ReturnType<typeof createTlsServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

describe('every server', () => {
  it.each([createTlsServer, createPlainServer])(
    'outlives the idle connections of the API server',
    (create) => {
      const { keepAliveTimeout, headersTimeout, requestTimeout } = create(() => undefined);
      expect({ keepAliveTimeout, headersTimeout, requestTimeout }).toEqual({
        keepAliveTimeout: 95_000,
        headersTimeout: 32_000,
        requestTimeout: 30_000,
      });
    },
  );
});

describe('the TLS server', () => {
  it('serves a new certificate from the next handshake on, and its old connections live', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => renewCertificates('create', undefined, ['localhost'], Date.now())),
    );
    const server = createTlsServer((_req, res) => res.end('ok'));
    servers.push(server);
    server.setSecureContext({ key: first!.leafKey, cert: first!.leaf });
    await listen(server, 0);
    const { port } = server.address() as AddressInfo;
    const open = async (ca: string) => {
      const socket = connect({ port, host: 'localhost', ca });
      await once(socket, 'secureConnect');
      return socket;
    };
    const old = await open(first!.caBundle);
    server.setSecureContext({ key: second!.leafKey, cert: second!.leaf });
    const renewed = await open(second!.caBundle);
    await expect(open(first!.caBundle)).rejects.toThrow();
    old.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = (await once(old, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    old.destroy();
    renewed.destroy();
  });

  it('whose port is taken says so', async () => {
    const server = createTlsServer(() => undefined);
    servers.push(server);
    await listen(server, 0);
    const { port } = server.address() as AddressInfo;
    await expect(
      listen(
        createTlsServer(() => undefined),
        port,
      ),
    ).rejects.toThrow(/EADDRINUSE/);
  });
});
