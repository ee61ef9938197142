import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startWorld, type World } from '../testdata/world.ts';
import { describedRoutes } from './described-routes.ts';
import { documents } from './documents.ts';

const document = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  })
  .parse(JSON.parse(documents()['openapi.json'] ?? ''));

describe('what is made from the routes', () => {
  it.each(Object.keys(documents()))('%s is as committed (else: make api)', (file) => {
    expect(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).toBe(documents()[file]);
  });

  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids).toHaveLength(describedRoutes.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers to nothing that it does not hold', () => {
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    const missing = [...references]
      .map(([, name]) => name ?? '')
      .filter((name) => !(name in document.components.schemas));
    expect(missing).toEqual([]);
  });
});

describe('the routes that are served', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('are those of the document, which the server hands out', async () => {
    const answer = await fetch(`${world.url}/api/openapi.json`);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual(JSON.parse(documents()['openapi.json'] ?? ''));
  });

  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
  );
  it.each(described)('$method $path is mounted', async ({ path, method }) => {
    const answer = await fetch(world.url + path.replaceAll(/\{\w+\}/g, 'a'), { method });
    // An address that nobody has mounted is told by the same words, whatever it is.
    expect(await answer.text()).not.toContain('There is no such address');
    expect(answer.status).not.toBe(405);
  });

  it('refuse a method that the document does not have, and say which they take', async () => {
    const answer = await fetch(`${world.url}/api/v1/me`, { method: 'PUT' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
