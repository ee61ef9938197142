import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { Refusal } from '../api/refusal.ts';
import type { Identity } from '../wire/organization.ts';

/** A proxy that has found out who the user is, and says so in headers. */
export interface TrustedProxy {
  readonly userHeader: string;
  /** One header of names with commas between them, or several headers. */
  readonly groupsHeader: string;
  /** How it shows that it is the proxy: any other's headers are as if they were not there. */
  readonly proof:
    | { readonly kind: 'secret'; readonly header: string; readonly value: string }
    /** Of a certificate whose CA the server was given: the common name. */
    | { readonly kind: 'certificate'; readonly commonNames: readonly string[] };
}

/** What Kubernetes gives to itself: a proxy that says so is mistaken, or somebody speaks through it. */
const reserved = /^system:/;
const printable = /^[\x20-\x7e]{1,256}$/;

/** Undefined where the proxy is not the one who asks, or names nobody. Throws a Refusal for a name that cannot be. */
export function proxyIdentity(proxy: TrustedProxy, req: IncomingMessage): Identity | undefined {
  if (!isProven(proxy.proof, req)) return undefined;
  const users = req.headersDistinct[proxy.userHeader.toLowerCase()] ?? [];
  if (users.length === 0) return undefined;
  const [user] = users;
  const groups = (req.headersDistinct[proxy.groupsHeader.toLowerCase()] ?? [])
    .flatMap((line) => line.split(','))
    .map((group) => group.trim())
    .filter((group) => group !== '');
  if (user === undefined || users.length > 1 || user.includes(','))
    throw mistaken(proxy.userHeader, 'one name');
  for (const name of [user, ...groups]) {
    if (reserved.test(name) || !printable.test(name))
      throw mistaken(`${proxy.userHeader} and ${proxy.groupsHeader}`, 'names without system: before them');
  }
  return { user, groups: [...groups], by: 'proxy' };
}

function isProven(proof: TrustedProxy['proof'], req: IncomingMessage): boolean {
  if (proof.kind === 'secret') {
    const said = req.headersDistinct[proof.header.toLowerCase()] ?? [];
    return said.length === 1 && same(said[0] ?? '', proof.value);
  }
  const { socket } = req;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return false;
  return proof.commonNames.some((name) => name === socket.getPeerCertificate().subject.CN);
}

/** In a time that tells nothing of either. */
function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function mistaken(header: string, allowed: string): Refusal {
  return new Refusal({
    status: 401,
    title: 'The proxy does not say who you are in a way that is understood',
    detail: `${header} must hold ${allowed}.`,
  });
}
