import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { clusterPaths } from './cluster-paths.ts';
import { clusterProcesses } from './cluster-processes.ts';
import { configFiles, kubeconfig } from './config-files.ts';
import type { ConfigFacts } from './config-files.ts';
import { planNetwork } from './network-plan.ts';

const factsOf = (clusterName: string, takenSlots: number[] = []): ConfigFacts => ({
  clusterName,
  paths: clusterPaths({ clusterName, stateDir: '/state', runDir: '/run/dbt-jobs' }),
  plan: planNetwork({ routes: [], takenSlots, mtu: 1400 }),
  nodeName: `dbtj-${clusterName}`,
  mayLowerOomScore: false,
  upstreamNameServers: ['192.0.2.53'],
});

const demo = factsOf('demo');

it('lets a user reach the API server with a certificate', () => {
  expect(load(kubeconfig(demo, 'admin'))).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'dbt-jobs-embedded-demo',
    clusters: [
      {
        name: 'dbt-jobs-embedded-demo',
        cluster: { server: 'https://10.197.0.2:6443', 'certificate-authority': '/state/demo/pki/ca.crt' },
      },
    ],
    users: [
      {
        name: 'admin',
        user: {
          'client-certificate': '/state/demo/pki/admin.crt',
          'client-key': '/state/demo/pki/admin.key',
        },
      },
    ],
    contexts: [
      { name: 'dbt-jobs-embedded-demo', context: { cluster: 'dbt-jobs-embedded-demo', user: 'admin' } },
    ],
  });
});

describe('configFiles', () => {
  it('answers cluster names and forwards the rest', () => {
    expect(configFiles(demo)['Corefile']).toBe(`.:53 {
    bind 10.197.0.2
    errors
    ready 127.0.0.1:8181
    kubernetes cluster.local in-addr.arpa {
        kubeconfig /state/demo/config/coredns.kubeconfig
        pods insecure
        ttl 5
        fallthrough in-addr.arpa
    }
    forward . 192.0.2.53
    cache 5
    loop
}
`);
  });

  it('forwards nowhere without a name server that can be reached', () => {
    expect(configFiles({ ...demo, upstreamNameServers: [] })['Corefile']).not.toContain('forward');
  });

  it('audits pods and Jobs with their bodies, and nothing else', () => {
    expect(load(configFiles(demo)['audit-policy.yaml']!)).toEqual({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [
        {
          level: 'RequestResponse',
          resources: [
            { group: '', resources: ['pods'] },
            { group: 'batch', resources: ['jobs'] },
          ],
        },
        { level: 'None' },
      ],
    });
  });

  it.each([
    [true, 'restrict_oom_score_adj = false'],
    [false, 'restrict_oom_score_adj = true'],
  ])('tells containerd whether OOM scores may be lowered (%s)', (mayLowerOomScore, line) => {
    expect(configFiles({ ...demo, mayLowerOomScore })['containerd.toml']).toContain(line);
  });

  it('points the kubelet and its pods at the cluster’s own paths and addresses', () => {
    expect(load(configFiles(demo)['kubelet.yaml']!)).toMatchObject({
      address: '10.197.0.2',
      cgroupRoot: '/dbtj-demo',
      clusterDNS: ['10.199.0.10'],
      containerRuntimeEndpoint: 'unix:///run/dbt-jobs/demo/containerd.sock',
      podLogsDir: '/state/demo/pod-logs',
      maxPods: 110,
    });
  });
});

/** Everything a cluster is started with, as one text. */
const textOf = (facts: ConfigFacts): string =>
  JSON.stringify([configFiles(facts), kubeconfig(facts, 'admin'), clusterProcesses(facts)]);

it('gives two clusters no path, cgroup or address in common', () => {
  const [one, other] = [textOf(factsOf('one')), textOf(factsOf('other', [0]))];
  const places = (text: string): string[] =>
    text.match(/\/(?:state|run)\/[\w./-]+|\b10\.19\d\.\d+\.\d+|dbtj-\w+/g) ?? [];
  expect(places(one).length).toBeGreaterThan(50);
  expect(places(one).filter((place) => places(other).includes(place))).toEqual([]);
});

it('starts nothing with a file that is not written for it', () => {
  const written = new Set(Object.keys(configFiles(demo)).map((name) => `/state/demo/config/${name}`));
  const read = clusterProcesses(demo).flatMap(({ reads, args }) => [
    ...reads,
    ...(args.join(' ').match(/\/state\/demo\/config\/[\w./-]+/g) ?? []),
  ]);
  expect(read.filter((file) => !written.has(file))).toEqual([]);
});
