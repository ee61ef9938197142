import type { IncomingMessage } from 'node:http';
import { Refusal } from '../api/refusal.ts';
import type { Identity } from '../wire/organization.ts';
import { refuseCrossSite } from './same-site.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { ReviewedUser } from './token-review.ts';
import { proxyIdentity, type TrustedProxy } from './trusted-proxy.ts';

export interface AuthenticateShell {
  reviewToken(token: string): Promise<ReviewedUser | undefined>;
  readonly cookie: SessionCookie;
  /** Absent: no headers are believed. */
  readonly proxy: TrustedProxy | undefined;
  /** As browsers know this server, `https://host`; absent: as the request says. */
  readonly origin: string | undefined;
}

/**
 * Who asks: (1) who the trusted proxy says, (2) whose bearer token it is, (3) whose session it is. The browser sends the
 * proxy's session and ours by itself, so that a write by either has to come from our own pages. Throws Refusal and KubeError.
 */
export async function authenticate(shell: AuthenticateShell, req: IncomingMessage): Promise<Identity> {
  const named = shell.proxy === undefined ? undefined : proxyIdentity(shell.proxy, req);
  if (named !== undefined) {
    refuseCrossSite(req, shell.origin);
    return named;
  }
  const bearer = bearerToken(req);
  if (bearer === undefined) refuseCrossSite(req, shell.origin);
  const token = bearer ?? shell.cookie.read(req);
  if (token === undefined) throw unknownUser('Nobody is signed in');
  return identityOf(await shell.reviewToken(token));
}

/** Throws a Refusal of 401 for nobody. */
export function identityOf(reviewed: ReviewedUser | undefined): Identity {
  // A name that no header can hold cannot be impersonated, and no API server gives one.
  const odd = reviewed !== undefined && /[\0-\x1f\x7f]/.test([reviewed.user, ...reviewed.groups].join(''));
  if (reviewed === undefined || odd) throw unknownUser('The cluster does not know this token');
  return { user: reviewed.user, groups: [...reviewed.groups], by: 'token' };
}

export function bearerToken({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function unknownUser(title: string): Refusal {
  const detail = 'Sign in with a token of the cluster, as kubectl create token makes it.';
  return new Refusal({ status: 401, title, detail }, { 'WWW-Authenticate': 'Bearer' });
}
