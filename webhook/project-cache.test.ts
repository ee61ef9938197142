import { describe, expect, it } from 'vitest';
import { sampleProject } from './mutate/sample.ts';
import { createProjectCache, silenceLimitMs } from './project-cache.ts';

const project = sampleProject();
const removed = { namespace: 'acme', name: 'shop' };

describe('the cache', () => {
  it('knows a project by namespace and name', () => {
    const cache = createProjectCache(() => 0);
    cache.replaceAll([project]);
    expect([cache.find('acme', 'shop'), cache.find('other', 'shop')]).toEqual([project, undefined]);
  });
  it('forgets what a new list does not have', () => {
    const cache = createProjectCache(() => 0);
    cache.put(project);
    cache.replaceAll([]);
    expect(cache.find('acme', 'shop')).toBeUndefined();
  });
  it('forgets a project that is deleted', () => {
    const cache = createProjectCache(() => 0);
    cache.put(project);
    cache.remove({ ...removed, uid: 'uid-of-shop' });
    expect(cache.find('acme', 'shop')).toBeUndefined();
  });
  it('keeps a project that was made again under the name of a deleted one', () => {
    const cache = createProjectCache(() => 0);
    cache.put(project);
    cache.remove({ ...removed, uid: 'uid-of-an-older-one' });
    expect(cache.find('acme', 'shop')).toBe(project);
  });
});

describe('what the cache holds', () => {
  it('is not synced, not fresh and of no age before the first list', () => {
    const cache = createProjectCache(() => 0);
    expect([cache.isSynced(), cache.isFresh(), cache.ageMs()]).toEqual([false, false, undefined]);
  });
  it('is fresh until the API server has been silent for too long', () => {
    let time = 0;
    const cache = createProjectCache(() => time);
    cache.heard();
    time = silenceLimitMs;
    expect([cache.isFresh(), cache.ageMs()]).toEqual([true, silenceLimitMs]);
    time += 1;
    expect([cache.isFresh(), cache.isSynced()]).toEqual([false, true]);
  });
  it('is not fresh while nothing is watched', () => {
    const cache = createProjectCache(() => 0);
    cache.heard();
    cache.lost();
    expect(cache.isFresh()).toBe(false);
    cache.heard();
    expect(cache.isFresh()).toBe(true);
  });
});
