/**
 * When the webhook's certificates are renewed. The CA is renewed long before its end and stands in the bundle beside
 * the old one; the leaf changes to it only when every API server can have learnt the bundle.
 */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const caLifetimeMs = 365 * day;
export const leafLifetimeMs = 30 * day;
/** How far a certificate's beginning lies back, so that a clock that is slow accepts it. */
export const clockSkewMs = hour;
/** How long a new CA stands in the bundle before it signs the leaf that is served. */
export const overlapMs = hour;

/** What is stored; undefined where nothing usable is. */
export interface CertificateFacts {
  /** Of the newest CA, whose key is kept. */
  readonly ca: { readonly notBefore: number; readonly notAfter: number };
  readonly leaf: {
    readonly notAfter: number;
    readonly dnsNames: readonly string[];
    readonly signedByNewestCa: boolean;
  };
}

export type CertificateDecision = 'keep' | 'create' | 'renew-ca' | 'renew-leaf';

/**
 * 1. Nothing usable, or the newest CA has ended: all anew. 2. The newest CA is in the last third of its life: renew it.
 * 3. The leaf has ended or is for other names: renew it at once. 4. The newest CA is in the bundle for less than the
 * overlap: keep. 5. The leaf is in its last third, or of an older CA: renew it. 6. Keep.
 */
export function decideCertificates(
  facts: CertificateFacts | undefined,
  dnsNames: readonly string[],
  now: number,
): CertificateDecision {
  if (facts === undefined || now >= facts.ca.notAfter) return 'create';
  const { ca, leaf } = facts;
  if (now >= ca.notAfter - caLifetimeMs / 3) return 'renew-ca';
  const otherNames = dnsNames.some((name) => !leaf.dnsNames.includes(name));
  if (now >= leaf.notAfter || otherNames) return 'renew-leaf';
  if (now < ca.notBefore + clockSkewMs + overlapMs) return 'keep';
  const oldLeaf = now >= leaf.notAfter - leafLifetimeMs / 3;
  return oldLeaf || !leaf.signedByNewestCa ? 'renew-leaf' : 'keep';
}

/** The names by which the API server, and a pod, reach a Service. */
export function serviceDnsNames(service: string, namespace: string): readonly string[] {
  return [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`];
}
