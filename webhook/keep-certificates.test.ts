import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiRequest, ApiServer } from './api-server.ts';
import { readCertificates } from './certificate-authority.ts';
import { reconcileCertificates } from './keep-certificates.ts';
import type { CertificateOptions } from './keep-certificates.ts';

const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const secretPath = '/api/v1/namespaces/system/secrets/cert';
const configurationPath = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/config';

interface Secret {
  metadata: { resourceVersion: string };
  data: Record<string, string>;
}

/** A server that holds one Secret and one webhook configuration, and refuses writes to what has changed since. */
function fakeCluster() {
  const sent: string[] = [];
  const state: {
    secret?: Secret;
    bundles: (string | undefined)[] | undefined;
    version: number;
    writeStatus: number;
  } = { bundles: [undefined, undefined], version: 1, writeStatus: 0 };
  const write = (data: Record<string, string>): ApiAnswer => {
    if (state.writeStatus !== 0) return { status: state.writeStatus, body: {} };
    state.version += 1;
    state.secret = { metadata: { resourceVersion: String(state.version) }, data };
    return { status: 200, body: {} };
  };
  const answer = ({ method, path, body }: ApiRequest): ApiAnswer => {
    sent.push(`${method} ${path.split('/').at(-1) ?? ''}`);
    const given = body as unknown as Secret & { webhooks: { clientConfig: { caBundle: string } }[] };
    if (path === configurationPath) {
      if (state.bundles === undefined) return { status: 404, body: {} };
      if (method === 'PATCH')
        state.bundles = state.bundles.map(() => given.webhooks[0]?.clientConfig.caBundle);
      const webhooks = state.bundles.map((caBundle, index) => ({
        name: `w${index}`,
        clientConfig: { caBundle },
      }));
      return { status: 200, body: { metadata: { resourceVersion: '1' }, webhooks } };
    }
    if (method === 'POST') return state.secret === undefined ? write(given.data) : { status: 409, body: {} };
    if (path !== secretPath) return { status: 400, body: {} };
    if (method === 'GET') {
      return state.secret === undefined ? { status: 404, body: {} } : { status: 200, body: state.secret };
    }
    const current = given.metadata.resourceVersion === state.secret?.metadata.resourceVersion;
    return current ? write(given.data) : { status: 409, body: {} };
  };
  const api: ApiServer = {
    request: (request) => Promise.resolve(structuredClone(answer(request))),
    watch: () => {
      throw new Error('certificates are not watched');
    },
  };
  return { state, sent, api };
}

function options(api: ApiServer, time = now): CertificateOptions & { loaded: string[] } {
  const loaded: string[] = [];
  const note = (): void => undefined;
  return {
    api,
    loaded,
    namespace: 'system',
    service: 'hook',
    secretName: 'cert',
    webhookConfiguration: 'config',
    now: () => time,
    log: { debug: note, info: note, warn: note, error: note },
    load: ({ certificate }) => void loaded.push(certificate),
  };
}

describe('certificates', () => {
  it('are stored, then published, then served', async () => {
    const { api, state, sent } = fakeCluster();
    const given = options(api);
    const served = await reconcileCertificates(given, '');
    expect(sent).toEqual(['GET cert', 'POST secrets', 'GET config', 'PATCH config']);
    expect(Object.keys(state.secret?.data ?? {}).toSorted()).toEqual([
      'ca.crt',
      'ca.key',
      'tls.crt',
      'tls.key',
    ]);
    expect(state.bundles).toEqual([state.secret?.data['ca.crt'], state.secret?.data['ca.crt']]);
    expect(given.loaded).toEqual([served]);
  });

  it('are left alone in the next round', async () => {
    const { api, sent } = fakeCluster();
    const served = await reconcileCertificates(options(api), '');
    sent.length = 0;
    const given = options(api);
    expect(await reconcileCertificates(given, served)).toBe(served);
    expect([sent, given.loaded]).toEqual([['GET cert', 'GET config'], []]);
  });

  it('of two replicas that start at once are the same', async () => {
    const { api } = fakeCluster();
    const both = await Promise.all([
      reconcileCertificates(options(api), ''),
      reconcileCertificates(options(api), ''),
    ]);
    expect(both[0]).toBe(both[1]);
  });

  it('of which the leaf is old are renewed, published and served without a new CA', async () => {
    const { api, state } = fakeCluster();
    const first = await reconcileCertificates(options(api), '');
    const bundle = state.bundles;
    const given = options(api, now + 25 * day);
    const second = await reconcileCertificates(given, first);
    expect(second).not.toBe(first);
    expect([given.loaded, state.bundles]).toEqual([[second], bundle]);
  });

  it('of which the CA is old are trusted beside the new one before it signs anything', async () => {
    const { api, state } = fakeCluster();
    const first = await reconcileCertificates(options(api), '');
    expect(await reconcileCertificates(options(api, now + 250 * day), first)).toBe(first);
    const bundle = Buffer.from(state.bundles?.[0] ?? '', 'base64').toString();
    expect(bundle.match(/BEGIN/g)).toHaveLength(2);
    const second = await reconcileCertificates(options(api, now + 251 * day), first);
    expect(second).not.toBe(first);
    const leafKey = Buffer.from(state.secret?.data['tls.key'] ?? '', 'base64').toString();
    const caKey = Buffer.from(state.secret?.data['ca.key'] ?? '', 'base64').toString();
    expect(readCertificates({ caBundle: bundle, caKey, leaf: second, leafKey })?.leaf.signedByNewestCa).toBe(
      true,
    );
  });

  it('in a Secret that is damaged are made anew', async () => {
    const { api, state } = fakeCluster();
    const first = await reconcileCertificates(options(api), '');
    state.secret = { metadata: { resourceVersion: '9' }, data: { 'ca.crt': 'AAAA' } };
    const second = await reconcileCertificates(options(api), first);
    expect(second).not.toBe(first);
    expect(state.bundles?.[0]).toBe(state.secret.data['ca.crt']);
  });

  it('are served before there is a webhook configuration', async () => {
    const { api, state } = fakeCluster();
    state.bundles = undefined;
    const given = options(api);
    await reconcileCertificates(given, '');
    expect(given.loaded).toHaveLength(1);
  });

  it('whose Secret may not be written are not served', async () => {
    const { api, state } = fakeCluster();
    state.writeStatus = 403;
    const given = options(api);
    await expect(reconcileCertificates(given, '')).rejects.toThrow(
      'write of Secret cert: the API server answered 403',
    );
    expect(given.loaded).toEqual([]);
  });

  it('that others change all the time are given up for this round', async () => {
    const { api, state } = fakeCluster();
    state.writeStatus = 409;
    await expect(reconcileCertificates(options(api), '')).rejects.toThrow('changed 5 times');
  });
});
