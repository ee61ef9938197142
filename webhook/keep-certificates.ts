import { z } from 'zod';
import type { ApiServer } from './api-server.ts';
import { readCertificates, renewCertificates } from './certificate-authority.ts';
import type { Certificates } from './certificate-authority.ts';
import { decideCertificates, serviceDnsNames } from './certificates.ts';
import type { Log } from './log.ts';

const requestTimeoutMs = 10_000;
/** Replicas that write at once: the others read what the first wrote. */
const attempts = 5;
/** How often the Secret is read, ms: a certificate that another replica renewed is served within this time. */
const intervalMs = 20_000;
const retryMs = 1000;

const secretKeys = { caBundle: 'ca.crt', caKey: 'ca.key', leaf: 'tls.crt', leafKey: 'tls.key' } as const;
const secret = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});
const webhookConfiguration = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  webhooks: z
    .array(z.object({ name: z.string(), clientConfig: z.object({ caBundle: z.string().optional() }) }))
    .default([]),
});

export interface CertificateOptions {
  readonly api: ApiServer;
  readonly namespace: string;
  readonly service: string;
  readonly secretName: string;
  readonly webhookConfiguration: string;
  readonly now: () => number;
  readonly log: Log;
  /** Makes the server use this key pair from its next handshake on. */
  readonly load: (loaded: { key: string; certificate: string; expiresAt: number }) => void;
}

/** Keeps the certificate served, stored and trusted until `signal` is aborted; a failure is tried again after a second. */
export async function keepCertificates(
  options: CertificateOptions & { readonly sleep: (ms: number, signal: AbortSignal) => Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  let served = '';
  while (!signal.aborted) {
    let waitMs = intervalMs;
    try {
      served = await reconcileCertificates(options, served);
    } catch (error) {
      options.log.error({ err: error }, 'Could not keep certificate');
      waitMs = retryMs;
    }
    await options.sleep(waitMs, signal);
  }
}

/**
 * One round. The bundle is published before a leaf is served, so that no API server meets a leaf that it cannot trust.
 * Returns the leaf that is served; throws where the Secret cannot be kept or the bundle not be published.
 */
export async function reconcileCertificates(options: CertificateOptions, served: string): Promise<string> {
  const stored = await ensureStored(options);
  await publishBundle(options, Buffer.from(stored.caBundle).toString('base64'));
  const facts = readCertificates(stored);
  if (facts === undefined || stored.leaf === served) return served;
  options.load({ key: stored.leafKey, certificate: stored.leaf, expiresAt: facts.leaf.notAfter });
  options.log.info({ expiresAt: new Date(facts.leaf.notAfter).toISOString() }, 'Loaded certificate');
  return stored.leaf;
}

async function ensureStored(options: CertificateOptions): Promise<Certificates> {
  const { api, namespace, secretName, service, now, log } = options;
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const dnsNames = serviceDnsNames(service, namespace);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await readSecret(api, `${secrets}/${secretName}`);
    const decision = decideCertificates(found && readCertificates(found.certificates), dnsNames, now());
    if (decision === 'keep' && found !== undefined) return found.certificates;
    if (decision === 'keep') continue;
    const renewed = await renewCertificates(decision, found?.certificates, dnsNames, now());
    const metadata = { name: secretName, namespace, resourceVersion: found?.resourceVersion };
    const body = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data: encode(renewed) };
    const write =
      found === undefined
        ? ({ method: 'POST', path: secrets } as const)
        : ({ method: 'PUT', path: `${secrets}/${secretName}` } as const);
    const { status } = await api.request({ ...write, body, timeoutMs: requestTimeoutMs });
    if (status === 200 || status === 201) {
      log.info({ decision, secret: secretName }, 'Renewed certificates');
      return renewed;
    }
    // 409: another replica was first.
    if (status !== 409) throw new Error(`write of Secret ${secretName}: the API server answered ${status}`);
  }
  throw new Error(`Secret ${secretName} changed ${attempts} times while it was written`);
}

async function readSecret(
  api: ApiServer,
  path: string,
): Promise<{ certificates: Certificates; resourceVersion: string } | undefined> {
  const { status, body } = await api.request({ method: 'GET', path, timeoutMs: requestTimeoutMs });
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`read of ${path}: the API server answered ${status}`);
  const { metadata, data } = secret.parse(body);
  const decode = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  const certificates = {
    caBundle: decode(secretKeys.caBundle),
    caKey: decode(secretKeys.caKey),
    leaf: decode(secretKeys.leaf),
    leafKey: decode(secretKeys.leafKey),
  };
  return { certificates, resourceVersion: metadata.resourceVersion };
}

function encode(certificates: Certificates): Readonly<Record<string, string>> {
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  return {
    [secretKeys.caBundle]: encoded(certificates.caBundle),
    [secretKeys.caKey]: encoded(certificates.caKey),
    [secretKeys.leaf]: encoded(certificates.leaf),
    [secretKeys.leafKey]: encoded(certificates.leafKey),
  };
}

async function publishBundle(options: CertificateOptions, caBundle: string): Promise<void> {
  const { api, log, webhookConfiguration: name } = options;
  const path = `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${name}`;
  const { status, body } = await api.request({ method: 'GET', path, timeoutMs: requestTimeoutMs });
  if (status === 404) {
    log.warn({ webhookConfiguration: name }, 'Found no webhook configuration to publish the CA in');
    return;
  }
  if (status !== 200)
    throw new Error(`read of webhook configuration ${name}: the API server answered ${status}`);
  const { metadata, webhooks } = webhookConfiguration.parse(body);
  const stale = webhooks.filter(({ clientConfig }) => clientConfig.caBundle !== caBundle);
  if (stale.length === 0) return;
  const patch = {
    metadata: { resourceVersion: metadata.resourceVersion },
    webhooks: stale.map((webhook) => ({ name: webhook.name, clientConfig: { caBundle } })),
  };
  const contentType = 'application/strategic-merge-patch+json';
  const patched = await api.request({
    method: 'PATCH',
    path,
    body: patch,
    contentType,
    timeoutMs: requestTimeoutMs,
  });
  if (patched.status !== 200) {
    throw new Error(`write of webhook configuration ${name}: the API server answered ${patched.status}`);
  }
  log.info({ webhookConfiguration: name, webhooks: stale.length }, 'Published CA');
}
