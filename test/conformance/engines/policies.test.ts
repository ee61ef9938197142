import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { isJson } from '../json.ts';
import type { Api } from './api.ts';
import { gitSyncReplaced, install, installedGitSyncImage, readObjects } from './policies.ts';

const policy = (expression: string): Json => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingAdmissionPolicy',
  metadata: { name: 'dbt-jobs' },
  spec: { expression },
});
const path = '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies/dbt-jobs';

/** A server that holds one policy, and is slow by one question to act on a change of it. */
function server(stored: Json | undefined) {
  const state = { stored, version: 1, acting: stored, asked: [] as string[] };
  const answer = (status: number, body: Json = {}) => Promise.resolve({ status, body, warnings: [] });
  const versioned = (object: Json): Json => ({
    ...object,
    metadata: {
      ...(isJson(object['metadata']) ? object['metadata'] : {}),
      resourceVersion: String(state.version),
    },
  });
  const api: Api = {
    version: '',
    address: '',
    kubeconfig: '',
    request: (method, asked, body) => {
      state.asked.push(`${method} ${asked.split('?')[0] ?? ''}`);
      if (method === 'DELETE') state.stored = undefined;
      if (method === 'PATCH' && isJson(body) && JSON.stringify(body) !== JSON.stringify(state.stored)) {
        state.stored = body;
        state.version++;
      }
      return state.stored === undefined ? answer(404) : answer(200, versioned(state.stored));
    },
  };
  const atWork = (): Promise<boolean> => {
    const acting = state.acting !== undefined;
    state.acting = state.stored;
    return Promise.resolve(acting);
  };
  return { api, state, atWork };
}

describe('policies are installed', () => {
  it('where there are none, until they are at work', async () => {
    const { api, state, atWork } = server(undefined);
    await install(api, [policy('a')], { atWork, seconds: 5 });
    expect(state.asked).toEqual([`GET ${path}`, `PATCH ${path}`]);
    expect(state.acting).toEqual(policy('a'));
  });
  it('over those of an earlier run only once the old ones have stopped', async () => {
    const { api, state, atWork } = server(policy('old'));
    await install(api, [policy('new')], { atWork, seconds: 5 });
    expect(state.asked).toEqual([`GET ${path}`, `PATCH ${path}`, `DELETE ${path}`, `PATCH ${path}`]);
    expect(state.acting).toEqual(policy('new'));
  });
  it('without a pause where nothing has changed', async () => {
    const { api, state, atWork } = server(policy('same'));
    await install(api, [policy('same')], { atWork, seconds: 5 });
    expect(state.asked).toEqual([`GET ${path}`, `PATCH ${path}`]);
  });
  it('by the chart are left alone: they are what is to be tested', async () => {
    const metadata = { name: 'dbt-jobs', annotations: { 'meta.helm.sh/release-name': 'dbt-jobs' } };
    const { api, state, atWork } = server({ ...policy('shipped'), metadata });
    await install(api, [policy('a')], { atWork, seconds: 5 });
    expect(state.asked).toEqual([`GET ${path}`]);
  });
  it('or it is said that they are not at work', async () => {
    const { api } = server(undefined);
    const never = () => Promise.resolve(false);
    await expect(install(api, [policy('a')], { atWork: never, seconds: 0 })).rejects.toThrow(
      'after 0 s still not: the policies at work',
    );
  });
});

describe('the git-sync image', () => {
  it('is read from the backstop that is installed', async () => {
    const spec = {
      variables: [{ name: 'x', expression: "c.image == 'mirror.example.com/git-sync:v4' && true" }],
    };
    expect(await installedGitSyncImage(server({ ...policy(''), spec }).api)).toBe(
      'mirror.example.com/git-sync:v4',
    );
    expect(await installedGitSyncImage(server(undefined).api)).toBe(
      'registry.k8s.io/git-sync/git-sync:v4.7.1',
    );
  });
  it('takes the place of the contract’s in every policy that is installed', () => {
    const replaced = JSON.stringify(
      gitSyncReplaced(readObjects('policies/mutating-admission-policy'), 'mine:1'),
    );
    expect(replaced).toContain("'mine:1'");
    expect(replaced).not.toContain('git-sync:v4');
  });
});
