import { describe, expect, it } from 'vitest';
import type { CertificateDecision, CertificateFacts } from './certificates.ts';
import { decideCertificates, serviceDnsNames } from './certificates.ts';

const hour = 3_600_000;
const day = 24 * hour;
const names = ['a.b.svc', 'a.b.svc.cluster.local'];

/** Made at time 0, as certificate-authority.ts makes it: a CA of 365 days, a leaf of 30, both an hour back. */
const made: CertificateFacts = {
  ca: { notBefore: -hour, notAfter: 365 * day },
  leaf: { notAfter: 30 * day, dnsNames: names, signedByNewestCa: true },
};
const renewedCa: CertificateFacts = { ...made, leaf: { ...made.leaf, signedByNewestCa: false } };

describe('certificates', () => {
  const cases: Record<string, { facts?: CertificateFacts; now: number; decision: CertificateDecision }> = {
    'are made where there are none': { now: 0, decision: 'create' },
    'are kept when just made': { facts: made, now: 0, decision: 'keep' },
    'are kept for two thirds of the leaf': { facts: made, now: 20 * day - 1, decision: 'keep' },
    'get a new leaf in its last third': { facts: made, now: 20 * day, decision: 'renew-leaf' },
    'get a new leaf after its end': { facts: made, now: 31 * day, decision: 'renew-leaf' },
    'get a new leaf at once for another name': {
      facts: { ...made, leaf: { ...made.leaf, dnsNames: ['other'] } },
      now: 0,
      decision: 'renew-leaf',
    },
    'get a new CA in its last third': { facts: made, now: (365 * day * 2) / 3 + 1, decision: 'renew-ca' },
    'get a new CA before a new leaf': {
      facts: { ...made, leaf: { ...made.leaf, notAfter: 0 } },
      now: 300 * day,
      decision: 'renew-ca',
    },
    'are made anew after the end of the CA': { facts: made, now: 365 * day, decision: 'create' },
    'keep the old leaf until every API server knows the new CA': {
      facts: renewedCa,
      now: hour - 1,
      decision: 'keep',
    },
    'change the leaf to the new CA after the overlap': {
      facts: renewedCa,
      now: hour,
      decision: 'renew-leaf',
    },
    'do not wait for the overlap where the leaf has ended': {
      facts: { ...renewedCa, leaf: { ...renewedCa.leaf, notAfter: 0 } },
      now: 1,
      decision: 'renew-leaf',
    },
  };
  it.each(Object.entries(cases))('%s', (_, { facts, now, decision }) => {
    expect(decideCertificates(facts, names, now)).toBe(decision);
  });

  it('are for the names of the Service', () => {
    expect(serviceDnsNames('a', 'b')).toEqual(names);
  });
});
