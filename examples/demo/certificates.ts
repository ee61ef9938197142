// @peculiar/x509 finds its parts through tsyringe, which needs this.
import 'reflect-metadata';
import {
  X509CertificateGenerator,
  PemConverter,
  SubjectAlternativeNameExtension,
  BasicConstraintsExtension,
} from '@peculiar/x509';

export interface ServerCertificate {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const validityMs = 365 * 24 * 3600 * 1000;

/** A private CA and a certificate that it signs, PEM: the demo's git server has one that no system trusts. */
export async function makeServerCertificate(host: string, now: Date): Promise<ServerCertificate> {
  const notAfter = new Date(now.getTime() + validityMs);
  const caKeys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=demo CA',
    notBefore: now,
    notAfter,
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${host}`,
    issuer: ca.subject,
    notBefore: now,
    notAfter,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    ca: ca.toString('pem'),
    certificate: certificate.toString('pem'),
    key: PemConverter.encode(key, 'PRIVATE KEY'),
  };
}
