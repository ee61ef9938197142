import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiRequest, ApiServer } from './api-server.ts';
import { sampleProject } from './mutate/sample.ts';
import { createProjectCache } from './project-cache.ts';
import { projectFinder, ProjectUnreadable } from './projects.ts';

const project = sampleProject();

function finder(answer: ApiAnswer | Error, cached?: 'fresh' | 'stale') {
  const asked: ApiRequest[] = [];
  const cache = createProjectCache(() => 0);
  if (cached !== undefined) {
    cache.put(project);
    cache.heard();
  }
  if (cached === 'stale') cache.lost();
  const api: ApiServer = {
    request: (request) => {
      asked.push(request);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    watch: () => {
      throw new Error('a look-up does not watch');
    },
  };
  const find = projectFinder(api, cache);
  return { asked, found: () => find('acme', 'shop', 4000) };
}

const live = { ...project, metadata: { ...project.metadata, uid: 'live' } };
const dead = new Error('ECONNREFUSED');

describe('a project', () => {
  it('is taken from a fresh cache without a request', async () => {
    const { found, asked } = finder(dead, 'fresh');
    expect([await found(), asked]).toEqual([project, []]);
  });
  it('that is not in the cache is read, once and in time', async () => {
    const { found, asked } = finder({ status: 200, body: live });
    expect(await found()).toEqual(live);
    expect(asked).toEqual([
      { method: 'GET', path: '/apis/dbt-jobs.io/v1alpha1/namespaces/acme/dbtprojects/shop', timeoutMs: 4000 },
    ]);
  });
  it('in a stale cache is read', async () => {
    expect((await finder({ status: 200, body: live }, 'stale').found())?.metadata.uid).toBe('live');
  });
  it('in a stale cache that is gone is gone', async () => {
    expect(await finder({ status: 404, body: {} }, 'stale').found()).toBeUndefined();
  });
  it.each([dead, { status: 503, body: {} }])(
    'in a stale cache serves where reading fails: %o',
    async (answer) => {
      expect(await finder(answer, 'stale').found()).toBe(project);
    },
  );
  it('that does not exist is none', async () => {
    expect(await finder({ status: 404, body: {} }).found()).toBeUndefined();
  });

  const failures: Record<string, [ApiAnswer | Error, string]> = {
    'where nothing answers': [dead, 'no answer from the API server within 4000 ms'],
    'where the answer is a failure': [{ status: 429, body: {} }, 'the API server answered 429'],
    'where it is forbidden': [{ status: 403, body: {} }, 'the API server answered 403'],
    'where the answer is no project': [
      { status: 200, body: { kind: 'Status' } },
      'its fields are not as the CustomResourceDefinition says',
    ],
  };
  it.each(Object.entries(failures))('cannot be read %s', async (_, [answer, cause]) => {
    await expect(finder(answer).found()).rejects.toThrow(new ProjectUnreadable(cause));
  });
});
