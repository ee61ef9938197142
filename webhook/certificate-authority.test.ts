import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCertificates, renewCertificates } from './certificate-authority.ts';

const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const names = ['a.b.svc', 'a.b.svc.cluster.local'];
const made = await renewCertificates('create', undefined, names, now);

describe('new certificates', () => {
  it('begin an hour back and end in 365 and 30 days', () => {
    expect(readCertificates(made)).toEqual({
      ca: { notBefore: now - 3_600_000, notAfter: now + 365 * day },
      leaf: { notAfter: now + 30 * day, dnsNames: names, signedByNewestCa: true },
    });
  });
  it('are a CA that can sign and a leaf that cannot', () => {
    expect([new X509Certificate(made.caBundle).ca, new X509Certificate(made.leaf).ca]).toEqual([true, false]);
  });
  it('are of P-256', () => {
    expect(new X509Certificate(made.leaf).publicKey.asymmetricKeyDetails).toEqual({
      namedCurve: 'prime256v1',
    });
  });
});

describe('a renewed CA', () => {
  it('stands before the old one, which still vouches for the leaf', async () => {
    const renewed = await renewCertificates('renew-ca', made, names, now + 250 * day);
    expect(renewed.caBundle.endsWith(made.caBundle.trim())).toBe(true);
    expect(renewed.leaf).toBe(made.leaf);
    expect(readCertificates(renewed)).toMatchObject({
      ca: { notAfter: now + 615 * day },
      leaf: { signedByNewestCa: false },
    });
    const then = await renewCertificates('renew-leaf', renewed, names, now + 251 * day);
    expect(then.caBundle).toBe(renewed.caBundle);
    expect(readCertificates(then)).toMatchObject({
      leaf: { notAfter: now + 281 * day, signedByNewestCa: true },
    });
  });
  it('stands alone once the old one has ended', async () => {
    const renewed = await renewCertificates('renew-ca', made, names, now + 364 * day);
    const later = await renewCertificates('renew-leaf', renewed, names, now + 366 * day);
    expect(later.caBundle.match(/BEGIN/g)).toHaveLength(1);
    expect(readCertificates(later)?.leaf.signedByNewestCa).toBe(true);
  });
});

describe('stored certificates', () => {
  const other = renewCertificates('create', undefined, names, now);
  it('without a part are none', () => {
    for (const part of ['caBundle', 'caKey', 'leaf', 'leafKey'] as const) {
      expect(readCertificates({ ...made, [part]: '' })).toBeUndefined();
    }
  });
  it('whose parts do not belong together are none', async () => {
    for (const part of ['caBundle', 'caKey', 'leaf', 'leafKey'] as const) {
      expect(readCertificates({ ...made, [part]: (await other)[part] })).toBeUndefined();
    }
  });
});
