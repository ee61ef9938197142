import { describe, expect, it } from 'vitest';
import { nextPage, pages } from './pages.ts';

describe('nextPage', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'is where the visitor came from': [
      '?next=%2Facme%2Fshop%2Fruns%3Fjob%3Dnightly',
      '/acme/shop/runs?job=nightly',
    ],
    'is the first page without one': ['', '/'],
    'never leads to another site': ['?next=https://evil.example', '/'],
    'never leads to another site by two slashes': ['?next=//evil.example', '/'],
    'never leads to another site by a backslash': ['?next=/\\evil.example', '/'],
    'does not lead back to signing in': ['?next=/sign-in?next=/x', '/'],
  };
  for (const [sentence, [search, next]] of Object.entries(cases)) {
    it(sentence, () => expect(nextPage(search)).toBe(next));
  }
});

describe('pages', () => {
  it('keep names from becoming paths', () =>
    expect(pages.job({ org: 'acme', project: 'a/b', job: '../x?y#z' })).toBe(
      '/acme/a%2Fb/jobs/..%2Fx%3Fy%23z',
    ));
  it('have the log as the first tab of a run', () => {
    const ref = { org: 'acme', project: 'shop', run: 'u1' };
    expect([pages.run(ref), pages.run(ref, 'nodes')]).toEqual([
      '/acme/shop/runs/u1',
      '/acme/shop/runs/u1/nodes',
    ]);
  });
});
