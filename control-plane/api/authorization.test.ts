import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people, type Person } from '../testdata/roles.ts';
import { startWorld, type World } from '../testdata/world.ts';
import { describedRoutes } from './described-routes.ts';

/** Who is let in: everybody, whoever is known, who may look at acme, who may change it, or who may plan in it. */
type Lowest = 'anybody' | 'anyone known' | 'viewer' | 'editor';

/**
 * Written by hand, and not made from the rules: a rule that is wrong goes red here. A route that is not listed does, too.
 */
const matrix: Record<string, Lowest> = {
  'GET /me': 'anyone known',
  'POST /session': 'anybody',
  'DELETE /session': 'anybody',
  'GET /health': 'anybody',
  'GET /organizations': 'anyone known',
  'GET /schedule': 'anyone known',
  'GET /organizations/:org/projects': 'viewer',
  'GET /organizations/:org/projects/:project': 'viewer',
  'GET /organizations/:org/projects/:project/configuration': 'viewer',
  'GET /organizations/:org/projects/:project/events': 'viewer',
  'GET /organizations/:org/projects/:project/plans': 'viewer',
  'POST /organizations/:org/projects/:project/plans': 'editor',
  'POST /organizations/:org/projects/:project/plans/:plan/promote': 'editor',
  'GET /organizations/:org/projects/:project/jobs': 'viewer',
  'POST /organizations/:org/projects/:project/jobs': 'editor',
  'GET /organizations/:org/projects/:project/jobs/:job': 'viewer',
  'PUT /organizations/:org/projects/:project/jobs/:job': 'editor',
  'DELETE /organizations/:org/projects/:project/jobs/:job': 'editor',
  'GET /organizations/:org/settings/slack': 'editor',
  'PUT /organizations/:org/settings/slack': 'editor',
  'DELETE /organizations/:org/settings/slack': 'editor',
  'POST /organizations/:org/settings/slack/test': 'editor',
};

const somewhere = {
  ':org': 'acme',
  ':project': 'shop',
  ':job': 'nightly',
  ':plan': 'one',
  ':run': 'a1b2',
  ':stream': 'a1b2.dbt.0',
};
/** Within acme; `:run` and the others need not exist for a refusal. */
const address = (route: string) =>
  Object.entries(somewhere).reduce((path, [name, value]) => path.replaceAll(name, value), route);

const junk: Person = { user: 'nobody', groups: [], token: 'nothing', roles: {} };

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe('S18: who may do what', () => {
  it('is written down for every route', () => {
    expect(Object.keys(matrix).toSorted()).toEqual(
      describedRoutes.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted(),
    );
  });

  const ranks: readonly Lowest[] = ['anybody', 'anyone known', 'viewer', 'editor'];
  const askers = {
    'nobody at all': [undefined, 'anybody', 401],
    'somebody with a token that the cluster does not know': [junk, 'anybody', 401],
    'an editor of another organization': [people.stranger, 'anyone known', 403],
    'a viewer': [people.viewer, 'viewer', 403],
    'an editor': [people.editor, 'editor', 403],
  } as const;
  const rows = Object.entries(matrix).flatMap(([route, lowest]) =>
    Object.entries(askers).map(([who, [person, rank, refusal]]) => {
      const isIn = ranks.indexOf(rank) >= ranks.indexOf(lowest);
      return {
        route,
        who,
        person,
        verdict: isIn ? 'is let in' : `is refused with ${refusal}`,
        isIn,
        refusal,
      };
    }),
  );
  it.each(rows)('$route: $who $verdict', async ({ route, person, isIn, refusal }) => {
    const { status, body } = await world.ask({ to: address(route), as: person });
    if (isIn) expect([401, 403]).not.toContain(status);
    else {
      expect(status).toBe(refusal);
      expect(body).toMatchObject({ status: refusal, title: expect.any(String) as string });
    }
  });
});
