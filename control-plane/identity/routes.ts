import { json, nothing, route, type Route } from '../api/route.ts';
import { invalid } from '../api/refusal.ts';
import { identity, newSession } from '../wire/organization.ts';
import { identityOf } from './authenticate.ts';
import { longestToken, type SessionCookie } from './session-cookie.ts';
import type { ReviewedUser } from './token-review.ts';

export interface SessionShell {
  reviewToken(token: string): Promise<ReviewedUser | undefined>;
  readonly cookie: SessionCookie;
}

const me = route({
  method: 'get',
  path: '/me',
  summary: 'Who is asking.',
  access: 'identified',
  answer: json(identity),
  handle: async (_input, context) => Promise.resolve(context.identity),
});

export function identityRoutes({ cookie, ...shell }: SessionShell): readonly Route[] {
  const signIn = route({
    method: 'post',
    path: '/session',
    summary:
      'Signs in with a token of the cluster: the browser sends it from now on, and no script can read it.',
    access: 'anybody',
    body: newSession,
    answer: json(identity),
    async handle({ body }, { headers }) {
      if (body.token.length > longestToken) throw tooLong;
      const known = identityOf(await shell.reviewToken(body.token));
      headers.append('Set-Cookie', cookie.set(body.token));
      return known;
    },
  });
  const signOut = route({
    method: 'delete',
    path: '/session',
    summary: 'Signs out.',
    access: 'anybody',
    answer: nothing,
    async handle(_input, { headers }) {
      headers.append('Set-Cookie', cookie.clear());
      return Promise.resolve(undefined);
    },
  });
  return [me, signIn, signOut];
}

const tooLong = invalid([
  { field: 'token', message: `must be at most ${longestToken} characters: browsers keep no longer one` },
]);
