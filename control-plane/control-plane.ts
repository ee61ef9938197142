import type { Express } from 'express';
import { createApp } from './api/server.ts';
import { routesOf } from './api/routes.ts';
import { eventSender, type LiveLimits } from './api/send-events.ts';
import { createAccessReview } from './identity/access-review.ts';
import { authenticate } from './identity/authenticate.ts';
import { refuseCrossSite } from './identity/same-site.ts';
import { sessionCookie } from './identity/session-cookie.ts';
import { createTokenReview } from './identity/token-review.ts';
import type { TrustedProxy } from './identity/trusted-proxy.ts';
import type { Kube } from './kube/client.ts';
import type { Log } from './log.ts';
import { createOrganizations } from './organizations/organizations.ts';
import type { ConnectSlack } from './slack/slack-client.ts';
import type { Store } from './store/store.ts';

export interface ControlPlaneShell {
  readonly kube: Kube;
  readonly store: Store;
  readonly log: Log;
  readonly connectSlack: ConnectSlack;
  readonly proxy: TrustedProxy | undefined;
  /** As browsers know this server; undefined where it is not known beforehand. */
  readonly origin: string | undefined;
  /** Whether browsers come by https. */
  readonly secure: boolean;
  readonly live: LiveLimits;
  /** Aborted when the process is to end. */
  readonly stopping: AbortSignal;
  now(): number;
}

/** The whole HTTP side, over what it is given. */
export function createControlPlane(shell: ControlPlaneShell): Express {
  const { kube, store, log, proxy, origin, live, stopping } = shell;
  const now = () => shell.now();
  const cookie = sessionCookie(shell);
  const reviewToken = createTokenReview({ kube, now });
  const may = createAccessReview({ kube, now });
  const organizations = createOrganizations({ kube, now });
  const routes = routesOf({
    kube,
    store,
    cookie,
    reviewToken,
    may,
    organizations,
    now,
    connectSlack: shell.connectSlack,
  });
  return createApp(routes, {
    kube,
    store,
    log,
    now,
    may,
    stopping,
    sendEvents: eventSender(live),
    longestLiveMs: live.longestMs,
    findOrganization: (name) => organizations.find(name),
    authenticate: (req) => authenticate({ reviewToken, cookie, proxy, origin }, req),
    refuseCrossSite: (req) => refuseCrossSite(req, origin),
  });
}
