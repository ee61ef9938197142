import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { CertificateDecision, CertificateFacts } from './certificates.ts';
import { caLifetimeMs, clockSkewMs, leafLifetimeMs } from './certificates.ts';

/** What the Secret holds, PEM. The bundle begins with the newest CA; `caKey` is that one's. */
export interface Certificates {
  readonly caBundle: string;
  readonly caKey: string;
  readonly leaf: string;
  readonly leafKey: string;
}

interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const caName = 'CN=dbt-jobs-webhook-ca';
x509.cryptoProvider.set(webcrypto);

/** Carries out a decision that is not to keep. Without `stored` everything is made anew. */
export async function renewCertificates(
  decision: Exclude<CertificateDecision, 'keep'>,
  stored: Certificates | undefined,
  dnsNames: readonly string[],
  now: number,
): Promise<Certificates> {
  if (decision === 'create' || stored === undefined) {
    const ca = await createCa(now);
    const leaf = await createLeaf(ca, dnsNames, now);
    return { caBundle: ca.certificate, caKey: ca.key, leaf: leaf.certificate, leafKey: leaf.key };
  }
  const valid = splitBundle(stored.caBundle).filter((pem) => notAfter(pem) > now);
  if (decision === 'renew-ca') {
    const ca = await createCa(now);
    return { ...stored, caBundle: [ca.certificate, ...valid].join('\n'), caKey: ca.key };
  }
  const [newest = ''] = valid;
  const leaf = await createLeaf({ certificate: newest, key: stored.caKey }, dnsNames, now);
  return { ...stored, caBundle: valid.join('\n'), leaf: leaf.certificate, leafKey: leaf.key };
}

/** Undefined where a part is missing, is not PEM, or does not belong to the others. */
export function readCertificates(stored: Certificates): CertificateFacts | undefined {
  try {
    const bundle = splitBundle(stored.caBundle).map((pem) => new X509Certificate(pem));
    const leaf = new X509Certificate(stored.leaf);
    const [newest] = bundle;
    const consistent =
      newest?.checkPrivateKey(createPrivateKey(stored.caKey)) === true &&
      leaf.checkPrivateKey(createPrivateKey(stored.leafKey)) &&
      bundle.some((ca) => leaf.verify(ca.publicKey));
    if (!consistent) return undefined;
    return {
      ca: { notBefore: Date.parse(newest.validFrom), notAfter: Date.parse(newest.validTo) },
      leaf: {
        notAfter: Date.parse(leaf.validTo),
        dnsNames: (leaf.subjectAltName ?? '').split(', ').map((name) => name.replace(/^DNS:/, '')),
        signedByNewestCa: leaf.verify(newest.publicKey),
      },
    };
  } catch {
    return undefined;
  }
}

async function createCa(now: number): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: caName,
    notBefore: new Date(now - clockSkewMs),
    notAfter: new Date(now + caLifetimeMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

async function createLeaf(ca: KeyPair, dnsNames: readonly string[], now: number): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(ca.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // Clients read the alternative names; a common name may have only 64 characters.
    subject: 'CN=dbt-jobs-webhook',
    issuer: issuer.subject,
    notBefore: new Date(now - clockSkewMs),
    notAfter: new Date(now + leafLifetimeMs),
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.key),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns', value }))),
      // Two CAs of one name stand in the bundle while one replaces the other: this tells whose the leaf is.
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

/** Positive, and of 16 random bytes: RFC 5280 4.1.2.2 wants it unique to its CA. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

function splitBundle(bundle: string): readonly string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function notAfter(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo);
}
