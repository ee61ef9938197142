import { sessionCookie } from '../identity/session-cookie.ts';
import type { Route } from './route.ts';
import { routesOf } from './routes.ts';

const never = () => Promise.reject(new Error('these routes are described, not served'));

/** All routes as the documents made from them see them: whoever calls one is refused. */
export const describedRoutes: readonly Route[] = routesOf({
  kube: { request: never },
  store: { health: never, watcher: { heard: never, heardAt: never } },
  cookie: sessionCookie({ secure: true }),
  reviewToken: never,
  may: never,
  organizations: { all: never, find: never },
  now: () => 0,
  connectSlack: () => ({ whoAmI: never, post: never }),
});
