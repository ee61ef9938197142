import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from '../testdata/fake-cluster.ts';
import { impersonation } from './impersonation.ts';
import { objectPath } from './path.ts';

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await startFakeCluster();
});
afterEach(() => cluster.close());

describe('a call', () => {
  it('gives the answer as it came', async () => {
    expect(await cluster.kube.request({ path: '/version' })).toEqual({ major: '1' });
  });

  it('names the user whose it is, and says itself that it is the control plane’s', async () => {
    await cluster.kube.as({ user: 'vera', groups: ['data', 'Domain Admins'] }).request({ path: '/version' });
    expect(cluster.requests[0]?.headers).toMatchObject({
      'impersonate-user': 'vera',
      'impersonate-group': 'data, Domain Admins',
      'user-agent': 'dbt-jobs-control-plane',
    });
  });

  it('that is refused tells the API server’s words and the fields that it names', async () => {
    cluster.fault = (_, response) => {
      const causes = [{ reason: 'FieldValueInvalid', field: 'spec.schedule', message: 'Invalid value' }];
      const body = { kind: 'Status', message: 'CronJob "a" is invalid', details: { causes } };
      response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    };
    await expect(cluster.kube.request({ path: '/version' })).rejects.toMatchObject({
      status: 422,
      message: 'CronJob "a" is invalid',
      causes: [{ field: 'spec.schedule', message: 'Invalid value' }],
    });
  });

  it('that is answered by something else than Kubernetes is told as such', async () => {
    cluster.fault = (_, response) => Boolean(response.writeHead(502).end('<html>bad gateway</html>'));
    await expect(cluster.kube.request({ path: '/version' })).rejects.toMatchObject({
      status: 502,
      message: 'the API server answered 502',
    });
  });

  it('that is cut off has no status', async () => {
    cluster.fault = (_, response) => Boolean(response.destroy());
    await expect(cluster.kube.request({ path: '/version' })).rejects.toMatchObject({ status: 0 });
  });
});

describe('the headers of a user', () => {
  const rows: Record<string, { user: string; groups: string[]; headers: object }> = {
    'name the groups that are not given to everybody': {
      user: 'vera',
      groups: ['data', 'system:authenticated'],
      headers: { 'impersonate-user': 'vera', 'impersonate-group': ['data'] },
    },
    'leave the groups of a ServiceAccount to its name': {
      user: 'system:serviceaccount:acme:ci',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:acme', 'system:authenticated'],
      headers: { 'impersonate-user': 'system:serviceaccount:acme:ci' },
    },
    'are UTF-8, byte for byte': {
      user: 'Zoë',
      groups: [],
      headers: { 'impersonate-user': 'ZoÃ«' },
    },
  };
  it.each(Object.entries(rows))('%s', (_, { user, groups, headers }) => {
    expect(impersonation({ user, groups })).toEqual(headers);
  });
});

describe('the path of an object', () => {
  it('cannot be left by a name', () => {
    expect(objectPath('jobs', 'acme', '../../secrets/a?b')).toBe(
      '/apis/batch/v1/namespaces/acme/jobs/..%2F..%2Fsecrets%2Fa%3Fb',
    );
  });
});
