import { describe, expect, it } from 'vitest';
import { withJobsLabels, withoutServersOwn, withTokenApart } from './servers-own.ts';

describe('what an API server alone writes', () => {
  it('is taken from a pod, and its name where it was generated', () => {
    expect(
      withoutServersOwn({
        kind: 'Pod',
        metadata: {
          generateName: 'nightly-',
          name: 'nightly-x7k2p',
          namespace: 'n',
          uid: 'u',
          resourceVersion: '1',
          generation: 1,
          creationTimestamp: 't',
          managedFields: [],
          labels: { a: 'b' },
          annotations: { 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu' },
        },
        spec: { dnsPolicy: 'ClusterFirst' },
        status: {},
      }),
    ).toEqual({
      kind: 'Pod',
      metadata: { generateName: 'nightly-', labels: { a: 'b' } },
      spec: { dnsPolicy: 'ClusterFirst' },
    });
  });
  it('is taken from a Job with all that holds its UID', () => {
    const labels = { 'controller-uid': 'u', 'batch.kubernetes.io/controller-uid': 'u', 'job-name': 'x' };
    expect(
      withoutServersOwn({
        kind: 'Job',
        metadata: { name: 'x', labels: { team: 'a', ...labels } },
        spec: { selector: {}, template: { metadata: { labels } } },
      }),
    ).toEqual({
      kind: 'Job',
      metadata: { name: 'x', labels: { team: 'a' } },
      spec: { template: { metadata: {} } },
    });
  });
  it('leaves a user’s name and annotations', () => {
    const pod = { kind: 'Pod', metadata: { name: 'x', annotations: { a: 'b' } } };
    expect(withoutServersOwn(pod)).toEqual(pod);
  });
});

describe('a service-account token', () => {
  const mount = { name: 'kube-api-access-x7k2p', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const pod = (order: 'first' | 'last') => {
    const both = (own: object, token: object) => (order === 'first' ? [token, own] : [own, token]);
    return {
      spec: {
        volumes: both({ name: 'v' }, { name: mount.name, projected: {} }),
        containers: [
          { name: 'dbt', volumeMounts: both({ name: 'v', mountPath: '/v' }, mount) },
          { name: 'a', volumeMounts: [mount] },
        ],
      },
    };
  };
  it('is compared apart from the lists it stands in', () => {
    expect(withTokenApart(pod('first'))).toEqual({
      spec: {
        volumes: [{ name: 'v' }],
        containers: [{ name: 'dbt', volumeMounts: [{ name: 'v', mountPath: '/v' }] }, { name: 'a' }],
      },
      'service-account token in': ['a', 'dbt'],
    });
    expect(withTokenApart(pod('last'))).toEqual(withTokenApart(pod('first')));
  });
  it('is not made up', () => {
    const bare = { spec: { volumes: [{ name: 'v' }], containers: [{ name: 'dbt' }] } };
    expect(withTokenApart(bare)).toEqual(bare);
  });
});

describe('a Job that was sent without labels', () => {
  const template = { metadata: { labels: { app: 'x' } } };
  it('is expected with those of its template, as the API server labels it', () => {
    const sent = { kind: 'Job', metadata: { name: 'x' }, spec: { template } };
    const expected = { ...sent, metadata: { name: 'x', labels: { 'dbt-jobs.io/project': 'shop' } } };
    expect(withJobsLabels(sent, expected)['metadata']).toEqual({
      name: 'x',
      labels: { app: 'x', 'dbt-jobs.io/project': 'shop' },
    });
  });
  it('is not, where it had one', () => {
    const sent = { kind: 'Job', metadata: { labels: { a: 'b' } }, spec: { template } };
    expect(withJobsLabels(sent, sent)).toEqual(sent);
  });
});
