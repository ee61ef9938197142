import { afterEach, describe, expect, it } from 'vitest';
import { people } from '../testdata/roles.ts';
import { type Ask, startWorld, type World } from '../testdata/world.ts';
import type { TrustedProxy } from './trusted-proxy.ts';

let world: World;
afterEach(() => world.close());

const me = 'GET /me';
const signOut = 'DELETE /session';
const save = 'DELETE /organizations/acme/settings/slack';
const vera = { user: 'vera', groups: ['system:authenticated'], by: 'token' };
const secret = 'a-secret-of-at-least-32-characters';
const proxy: TrustedProxy = {
  userHeader: 'X-Forwarded-User',
  groupsHeader: 'X-Forwarded-Groups',
  proof: { kind: 'secret', header: 'X-Proxy-Secret', value: secret },
};
const proven = { 'x-proxy-secret': secret, 'x-forwarded-user': 'pia' };

async function ask(given: Ask, by: Parameters<typeof startWorld>[0] = {}) {
  world = await startWorld(by);
  return world.ask(given);
}

describe('who is asking', () => {
  it('is who the cluster says that the token is of', async () => {
    expect((await ask({ to: me, as: people.viewer })).body).toEqual(vera);
  });

  const unknown: Record<string, Record<string, string>> = {
    'no word of who it is': {},
    'a token that the cluster does not know': { authorization: 'Bearer nothing' },
    'a word that is no token': { authorization: 'Basic dmVyYTp2ZXJh' },
    'an empty session': { cookie: 'dbt-jobs=' },
    'the headers of a proxy, where none is trusted': { 'x-forwarded-user': 'vera', 'x-remote-user': 'vera' },
  };
  it.each(Object.entries(unknown))('S18: is nobody with %s', async (_, headers) => {
    const { status, headers: answered } = await ask({ to: me, headers });
    expect([status, answered.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('is asked of the cluster once for many requests, and again after ten seconds', async () => {
    await ask({ to: me, as: people.viewer });
    const reviews = () => world.cluster.requests.filter(({ path }) => path.endsWith('/tokenreviews')).length;
    await Promise.all([1, 2, 3].map(() => world.ask({ to: me, as: people.viewer })));
    expect(reviews()).toBe(1);
    world.clock.now += 10_000;
    await world.ask({ to: me, as: people.viewer });
    expect(reviews()).toBe(2);
  });

  it('S19: never has the token in the log', async () => {
    await ask({ to: me, as: people.viewer });
    world.cluster.fault = (_, response) => Boolean(response.destroy());
    world.clock.now += 60_000;
    await world.ask({ to: me, as: people.viewer });
    expect(world.logged.join('')).toContain('Could not answer');
    expect(world.logged.join('')).not.toContain(people.viewer.token);
  });
});

describe('a session', () => {
  async function signIn(by: Parameters<typeof startWorld>[0] = {}) {
    const { status, headers } = await ask({ to: 'POST /session', body: { token: people.editor.token } }, by);
    return { status, cookie: headers.get('set-cookie') ?? '' };
  }

  it('S18: is a cookie that no script and no other site can use', async () => {
    const { status, cookie } = await signIn();
    expect([status, cookie]).toEqual([
      200,
      `dbt-jobs=${people.editor.token}; Path=/; HttpOnly; SameSite=Strict`,
    ]);
  });

  it('S18: is bound to https and to this host where browsers come by https', async () => {
    const { cookie } = await signIn({ secure: true });
    expect(cookie).toBe(`__Host-dbt-jobs=${people.editor.token}; Path=/; HttpOnly; SameSite=Strict; Secure`);
  });

  it('is not begun with a token that the cluster does not know', async () => {
    const { status, headers } = await ask({ to: 'POST /session', body: { token: 'nothing' } });
    expect([status, headers.get('set-cookie')]).toEqual([401, null]);
  });

  it('is not begun with a token that browsers would not keep', async () => {
    const { body } = await ask({ to: 'POST /session', body: { token: 'x'.repeat(3901) } });
    expect(body).toMatchObject({ status: 400, errors: [{ field: 'token' }] });
  });

  it('ends when it is told to', async () => {
    const { status, headers } = await ask({ to: signOut });
    expect([status, headers.get('set-cookie')]).toEqual([
      204,
      'dbt-jobs=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    ]);
  });

  const cookie = `theme=dark; dbt-jobs=${people.editor.token}`;
  const writes: Record<string, { headers: Record<string, string>; status: number }> = {
    'from a page of ours': { headers: { cookie, 'sec-fetch-site': 'same-origin' }, status: 204 },
    'from a page of ours in an old browser': { headers: { cookie, origin: 'self' }, status: 204 },
    'from another site': { headers: { cookie, 'sec-fetch-site': 'cross-site' }, status: 403 },
    'from a site of the same company': { headers: { cookie, 'sec-fetch-site': 'same-site' }, status: 403 },
    'from another site in an old browser': {
      headers: { cookie, origin: 'https://evil.example' },
      status: 403,
    },
    'from a page without an origin': { headers: { cookie, origin: 'null' }, status: 403 },
    'that says it is ours and comes from another': {
      headers: { cookie, origin: 'self', 'sec-fetch-site': 'cross-site' },
      status: 403,
    },
    'from no browser': { headers: { cookie }, status: 204 },
  };
  it.each(Object.entries(writes))('S18: writes %s as it may', async (_, { headers, status }) => {
    world = await startWorld();
    const origin = headers['origin'] === 'self' ? { origin: world.url } : {};
    const answer = await world.ask({ to: save, headers: { ...headers, ...origin } });
    expect(answer.status).toBe(status);
  });

  it('S18: is not begun by a page of another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const { status } = await ask({ to: 'POST /session', body: { token: people.editor.token }, headers });
    expect(status).toBe(403);
  });

  it('S18: is compared with the address that browsers know, where that is set', async () => {
    world = await startWorld({ origin: 'https://dbt.example' });
    const from = (origin: string) => world.ask({ to: save, headers: { cookie, origin } });
    expect((await from('https://dbt.example')).status).toBe(204);
    expect((await from(world.url)).status).toBe(403);
  });

  it('a bearer token needs no page: no browser sends it by itself', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await ask({ to: save, as: people.editor, headers })).status).toBe(204);
  });
});

describe('a trusted proxy', () => {
  const told: Record<string, { headers: Record<string, string>; body: object }> = {
    'says who the user is': {
      headers: { ...proven, 'x-forwarded-groups': 'data, Domain Admins' },
      body: { user: 'pia', groups: ['data', 'Domain Admins'], by: 'proxy' },
    },
    'says it of one without groups': { headers: proven, body: { user: 'pia', groups: [], by: 'proxy' } },
    'is not heard with another secret': {
      headers: { ...proven, 'x-proxy-secret': `${secret}x` },
      body: { status: 401, title: 'Nobody is signed in' },
    },
    'is not heard without its secret': {
      headers: { 'x-forwarded-user': 'pia' },
      body: { status: 401, title: 'Nobody is signed in' },
    },
    'is no one who may speak for the cluster itself': {
      headers: { ...proven, 'x-forwarded-user': 'system:admin' },
      body: { status: 401 },
    },
    'gives nobody a group of the cluster itself': {
      headers: { ...proven, 'x-forwarded-groups': 'data,system:masters' },
      body: { status: 401 },
    },
    'is not understood with two users in one': {
      headers: { ...proven, 'x-forwarded-user': 'pia, vera' },
      body: { status: 401 },
    },
    'leaves a request with a token to the token': {
      headers: { 'x-proxy-secret': secret, authorization: `Bearer ${people.viewer.token}` },
      body: vera,
    },
  };
  it.each(Object.entries(told))('S18: %s', async (_, { headers, body }) => {
    expect((await ask({ to: me, headers }, { proxy })).body).toMatchObject(body);
  });

  it('S18: lets no page of another site write for its user', async () => {
    const headers = { ...proven, 'sec-fetch-site': 'cross-site' };
    const { status, body } = await ask({ to: save, headers }, { proxy });
    expect([status, body]).toMatchObject([403, { title: 'The request comes from a page of another site' }]);
  });
});
