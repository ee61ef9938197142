import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { people } from '../testdata/roles.ts';
import { type Ask, startWorld, type World } from '../testdata/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const commit = 'a'.repeat(40);
const plans = 'POST /organizations/acme/projects/shop/plans';
const slack = 'PUT /organizations/acme/settings/slack';

describe('a request that is refused', () => {
  const rows: Record<string, { ask: Ask; problem: object }> = {
    'is told every field that is wrong, with its path': {
      ask: { to: plans, as: people.editor, body: { commit: 'main', tag: '1' } },
      problem: {
        title: '3 fields are wrong',
        status: 400,
        errors: [
          { field: 'commit', message: 'must be the whole hash: 40 or 64 of 0-9 a-f' },
          { field: 'image', message: 'is required' },
          { field: 'tag', message: 'is not a field here' },
        ],
      },
    },
    'is told that a query is not for this address': {
      ask: { to: 'GET /me?all=true', as: people.viewer },
      problem: {
        title: 'One field is wrong',
        status: 400,
        errors: [{ field: 'all', message: 'is not a field here' }],
      },
    },
    'is told what a name in the address may be': {
      ask: { to: 'GET /organizations/acme%2F..%2Fglobex/projects/shop/plans', as: people.editor },
      problem: {
        title: 'One field is wrong',
        status: 400,
        errors: [
          {
            field: 'org',
            message:
              'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
          },
        ],
      },
    },
    'is told where its JSON is none': {
      ask: { to: plans, as: people.editor, body: '{"commit":' },
      problem: { title: 'The body is no JSON', status: 400 },
    },
    'is told where it is no object': {
      ask: { to: plans, as: people.editor, body: '[]' },
      problem: {
        status: 400,
        errors: [{ field: '', message: 'must be an object' }],
      },
    },
    'is told where its body is of another type': {
      ask: { to: plans, as: people.editor, body: 'commit=1', headers: { 'content-type': 'text/plain' } },
      problem: {
        status: 415,
        title: 'The body must be JSON',
        detail: 'Send Content-Type: application/json.',
      },
    },
    'is told where its body is too large': {
      ask: { to: plans, as: people.editor, body: { commit, image: 'x'.repeat(200_000) } },
      problem: { status: 413, title: 'The body is too large' },
    },
    'is told which right is missing, and of whom to ask it': {
      ask: { to: plans, as: people.viewer, body: { commit, image: 'shop:1' } },
      problem: {
        status: 403,
        title: 'vera may not update dbtprojects/status in acme',
        detail: 'Ask who manages the roles of acme for it.',
      },
    },
    'S18: learns no more of an organization that is there than of one that is not': {
      ask: { to: 'GET /organizations/nowhere/projects/shop/plans', as: people.viewer },
      problem: { status: 403, title: 'vera may not get dbtprojects in nowhere' },
    },
    'is told that there is no such address': {
      ask: { to: 'GET /everything', as: people.editor },
      problem: { status: 404, title: 'There is no such address in this API' },
    },
    'is told that the project is not here': {
      ask: { to: 'GET /organizations/acme/projects/shop/plans', as: people.editor },
      problem: { status: 404, title: 'Project shop of acme is not here' },
    },
  };
  it.each(Object.entries(rows))('%s', async (_, { ask, problem }) => {
    const { status, body, headers } = await world.ask(ask);
    expect(body).toMatchObject(problem);
    expect(status).toBe((body as { status: number }).status);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('is not read further: the body of somebody who may not write is never parsed', async () => {
    const { status } = await world.ask({ to: plans, as: people.viewer, body: '{"commit":' });
    expect(status).toBe(403);
  });

  it('does not fail by the depth of its body', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const { status } = await world.ask({ to: plans, as: people.editor, body: deep });
    expect(status).toBe(400);
  });

  it('is told to come again where the API server does not answer, and what goes on meanwhile', async () => {
    world.cluster.fault = (_, response) => Boolean(response.destroy());
    const { status, body, headers } = await world.ask({ to: 'GET /me', as: people.viewer });
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body).toEqual({
      status: 503,
      title: 'The Kubernetes API server does not answer',
      detail: 'What runs goes on, and nothing is lost. Try again in a moment.',
    });
  });

  it('is told nothing of what went wrong inside, which the log says', async () => {
    world.cluster.fault = (request, response) => {
      if (!request.path.includes('/dbtprojects/')) return false;
      response.end(JSON.stringify({ not: 'a project', token: 'a-secret' }));
      return true;
    };
    const to = 'GET /organizations/acme/projects/shop/plans';
    const { status, body } = await world.ask({ to, as: people.viewer });
    expect([status, body]).toEqual([
      500,
      {
        status: 500,
        title: 'Something went wrong that is not your request',
        detail: 'The log of the control plane says what.',
      },
    ]);
    expect(world.logged.join('')).toContain('Could not answer');
    expect(world.logged.join('')).not.toContain('a-secret');
  });
});

describe('a namespace', () => {
  it('that no engine is in charge of is no organization, whatever the user may do there', async () => {
    world.cluster.put('/api/v1/namespaces/acme', { metadata: { labels: {} } });
    const { status, body } = await world.ask({
      to: 'GET /organizations/acme/projects/shop/plans',
      as: people.editor,
    });
    expect([status, body]).toEqual([404, { status: 404, title: 'Organization acme is not here' }]);
  });
});

describe('an answer', () => {
  it('may be shown nowhere else, and is kept by nobody', async () => {
    const { headers } = await world.ask({ to: 'GET /me', as: people.viewer });
    const kept = [
      'cache-control',
      'x-frame-options',
      'x-content-type-options',
      'referrer-policy',
      'x-powered-by',
    ];
    expect(kept.map((name) => headers.get(name))).toEqual([
      'no-store',
      'SAMEORIGIN',
      'nosniff',
      'no-referrer',
      null,
    ]);
  });
});

describe('a write', () => {
  it('is kept with who made it, when, and to what', async () => {
    world.cluster.put('/api/v1/namespaces/acme/secrets/dbt-jobs-slack', { metadata: {}, data: {} });
    await world.ask({ to: 'DELETE /organizations/acme/settings/slack', as: people.editor });
    expect((await world.store.audit.list('acme', { limit: 10 })).entries).toEqual([
      {
        at: '2026-11-23T02:00:00.000Z',
        namespace: 'acme',
        user: 'ed',
        action: 'slack.disconnect',
        object: 'Secret/dbt-jobs-slack',
      },
    ]);
  });

  it('is not kept where it was refused', async () => {
    await world.ask({ to: slack, as: people.editor, body: { channel: '#data' } });
    await world.ask({ to: slack, as: people.viewer, body: { channel: '#data' } });
    expect((await world.store.audit.list('acme', { limit: 10 })).entries).toEqual([]);
  });

  it('is the user’s own before the API server, and reads are not', async () => {
    await world.ask({ to: 'DELETE /organizations/acme/settings/slack', as: people.editor });
    const deeds = world.cluster.requests
      .filter(({ path }) => !path.endsWith('reviews'))
      .map(({ method, path, user }) => [method, path, user]);
    expect(deeds).toEqual([
      ['GET', '/api/v1/namespaces', ''],
      ['DELETE', '/api/v1/namespaces/acme/secrets/dbt-jobs-slack', 'ed'],
    ]);
  });
});
