import { dump } from 'js-yaml';
import { join } from 'node:path';
import type { ClusterFacts } from './cluster-processes.ts';
import { kernelName } from './cluster-paths.ts';
import { pauseImage } from './images/pause-image.ts';

export type ConfigFacts = ClusterFacts & {
  clusterName: string;
  /** Without CAP_SYS_RESOURCE nobody may lower a process's OOM score; runc would die trying. */
  mayLowerOomScore: boolean;
  /** Name servers for what is not in the cluster. */
  upstreamNameServers: readonly string[];
};

/** What a user and a component need to reach the API server: `user` names a certificate. */
export const kubeconfig = ({ paths, plan, clusterName }: ConfigFacts, user: string): string => {
  const context = `dbt-jobs-embedded-${clusterName}`;
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [
      {
        name: context,
        cluster: {
          server: `https://${plan.nodeAddress}:6443`,
          'certificate-authority': join(paths.pki, 'ca.crt'),
        },
      },
    ],
    users: [
      {
        name: user,
        user: {
          'client-certificate': join(paths.pki, `${user}.crt`),
          'client-key': join(paths.pki, `${user}.key`),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user } }],
  });
};

const kubeletConfig = ({ paths, plan, clusterName }: ConfigFacts): string =>
  dump({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: plan.nodeAddress,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(paths.pki, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: join(paths.pki, 'kubelet.crt'),
    tlsPrivateKeyFile: join(paths.pki, 'kubelet.key'),
    containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
    podLogsDir: paths.podLogs,
    volumePluginDir: join(paths.dir, 'volume-plugins'),
    clusterDomain: 'cluster.local',
    clusterDNS: [plan.dnsAddress],
    resolvConf: join(paths.config, 'resolv.conf'),
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${kernelName(clusterName)}`,
    // Many machines without Docker are containers or small virtual machines with cgroup v1, swap or no right to
    // change their own OOM score: none of it matters to a pod.
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    enforceNodeAllocatable: [],
    maxPods: 110,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    serializeImagePulls: false,
    // Images are loaded by hand and could not be pulled again.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { 'memory.available': '64Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    syncFrequency: '10s',
  });

const kubeProxyConfig = ({ paths, plan, nodeName }: ConfigFacts): string =>
  dump({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: plan.podCidr,
    hostnameOverride: nodeName,
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    clientConnection: { kubeconfig: join(paths.config, 'kube-proxy.kubeconfig') },
    // Connection tracking is sized for the whole machine and cannot be set from a network namespace.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  });

/** Forwards only where the host has a name server that can be reached from another network namespace. */
const corefile = ({ paths, plan, upstreamNameServers }: ConfigFacts): string => `.:53 {
    bind ${plan.nodeAddress}
    errors
    ready 127.0.0.1:8181
    kubernetes cluster.local in-addr.arpa {
        kubeconfig ${join(paths.config, 'coredns.kubeconfig')}
        pods insecure
        ttl 5
        fallthrough in-addr.arpa
    }
${upstreamNameServers.length > 0 ? `    forward . ${upstreamNameServers.join(' ')}\n` : ''}    cache 5
    loop
}
`;

const containerdConfig = ({ paths, mayLowerOomScore }: ConfigFacts): string => `version = 2
root = "${paths.containerd}"
state = "${paths.containerdState}"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp",
]

[grpc]
  address = "${paths.containerdSocket}"

[debug]
  level = "warn"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = ${!mayLowerOomScore}
  tolerate_missing_hugetlb_controller = true
  netns_mounts_under_state_dir = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(paths.config, 'cni')}"

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`;

const podNetwork = ({ paths, plan }: ConfigFacts): string =>
  JSON.stringify(
    {
      cniVersion: '1.0.0',
      name: 'pods',
      plugins: [
        {
          type: 'bridge',
          bridge: 'cni0',
          isDefaultGateway: true,
          // A pod has to reach itself through its own Service.
          hairpinMode: true,
          mtu: plan.mtu,
          ipam: {
            type: 'host-local',
            ranges: [[{ subnet: plan.podCidr }]],
            dataDir: join(paths.dir, 'pod-addresses'),
          },
        },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    },
    undefined,
    2,
  );

const resolvConf = ({ upstreamNameServers }: ConfigFacts): string =>
  upstreamNameServers.map((address) => `nameserver ${address}\n`).join('');

/** The whole bodies of what a test may have to look into, and nothing else: the log stays small enough to search. */
const auditPolicy = dump({
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

/** File name below the cluster's config folder → content. */
export const configFiles = (facts: ConfigFacts): Record<string, string> => ({
  'containerd.toml': containerdConfig(facts),
  'cni/pods.conflist': podNetwork(facts),
  'kubelet.yaml': kubeletConfig(facts),
  'kube-proxy.yaml': kubeProxyConfig(facts),
  Corefile: corefile(facts),
  'resolv.conf': resolvConf(facts),
  'audit-policy.yaml': auditPolicy,
  ...Object.fromEntries(
    ['kube-controller-manager', 'kube-scheduler', 'node', 'kube-proxy', 'coredns'].map((user) => [
      `${user}.kubeconfig`,
      kubeconfig(facts, user),
    ]),
  ),
});
