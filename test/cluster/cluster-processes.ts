import { join } from 'node:path';
import type { ClusterPaths } from './cluster-paths.ts';
import type { NetworkPlan } from './network-plan.ts';

/** What has to run before a process is worth starting. */
type Stage = 'first' | 'api';

export type ClusterProcess = {
  name: string;
  args: readonly string[];
  stage: Stage;
  /** Configuration it reads only when it starts. */
  reads: readonly string[];
};

export type ClusterFacts = { paths: ClusterPaths; plan: NetworkPlan; nodeName: string };

const etcdUrl = 'http://127.0.0.1:2379';

/** One node, so one of each: nobody to elect, and nobody to share the API server's rate limits with. */
const alone = ['--leader-elect=false', '--kube-api-qps=200', '--kube-api-burst=400'];

/** Loopback of the cluster's own network namespace: neither pods nor the host reach it. */
const etcd = ({ paths }: ClusterFacts): ClusterProcess => ({
  name: 'etcd',
  stage: 'first',
  reads: [],
  args: [
    `--data-dir=${paths.etcd}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    '--listen-peer-urls=http://127.0.0.1:2380',
    '--log-level=warn',
    // The data are as disposable as the cluster, and a flush a write would be most of a test's time.
    '--unsafe-no-fsync',
  ],
});

const containerd = ({ paths }: ClusterFacts): ClusterProcess => {
  const config = join(paths.config, 'containerd.toml');
  return { name: 'containerd', stage: 'first', reads: [config], args: [`--config=${config}`] };
};

const apiServer = ({ paths, plan }: ClusterFacts): ClusterProcess => {
  const pki = (file: string): string => join(paths.pki, file);
  const auditPolicy = join(paths.config, 'audit-policy.yaml');
  return {
    name: 'kube-apiserver',
    stage: 'first',
    reads: [auditPolicy],
    args: [
      `--advertise-address=${plan.nodeAddress}`,
      '--secure-port=6443',
      `--etcd-servers=${etcdUrl}`,
      `--service-cluster-ip-range=${plan.serviceCidr}`,
      `--client-ca-file=${pki('ca.crt')}`,
      `--tls-cert-file=${pki('kube-apiserver.crt')}`,
      `--tls-private-key-file=${pki('kube-apiserver.key')}`,
      `--kubelet-certificate-authority=${pki('ca.crt')}`,
      `--kubelet-client-certificate=${pki('apiserver-kubelet-client.crt')}`,
      `--kubelet-client-key=${pki('apiserver-kubelet-client.key')}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${pki('service-account.pub')}`,
      `--service-account-signing-key-file=${pki('service-account.key')}`,
      `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${pki('front-proxy-client.crt')}`,
      `--proxy-client-key-file=${pki('front-proxy-client.key')}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--allow-privileged=true',
      '--profiling=false',
      `--audit-policy-file=${auditPolicy}`,
      `--audit-log-path=${paths.auditLog}`,
      '--audit-log-maxsize=32',
      '--audit-log-maxbackup=2',
    ],
  };
};

const controllerManager = ({ paths }: ClusterFacts): ClusterProcess => {
  const kubeconfig = join(paths.config, 'kube-controller-manager.kubeconfig');
  return {
    name: 'kube-controller-manager',
    stage: 'api',
    reads: [kubeconfig],
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--root-ca-file=${join(paths.pki, 'ca.crt')}`,
      `--service-account-private-key-file=${join(paths.pki, 'service-account.key')}`,
      `--cluster-signing-cert-file=${join(paths.pki, 'ca.crt')}`,
      `--cluster-signing-key-file=${join(paths.pki, 'ca.key')}`,
      '--use-service-account-credentials',
      ...alone,
    ],
  };
};

const scheduler = ({ paths }: ClusterFacts): ClusterProcess => {
  const kubeconfig = join(paths.config, 'kube-scheduler.kubeconfig');
  return {
    name: 'kube-scheduler',
    stage: 'api',
    reads: [kubeconfig],
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      ...alone,
    ],
  };
};

const kubelet = ({ paths, plan, nodeName }: ClusterFacts): ClusterProcess => {
  const [config, kubeconfig] = [join(paths.config, 'kubelet.yaml'), join(paths.config, 'node.kubeconfig')];
  return {
    name: 'kubelet',
    stage: 'api',
    reads: [config, kubeconfig, join(paths.config, 'resolv.conf')],
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${paths.kubelet}`,
      `--node-ip=${plan.nodeAddress}`,
      `--hostname-override=${nodeName}`,
    ],
  };
};

const kubeProxy = ({ paths }: ClusterFacts): ClusterProcess => {
  const config = join(paths.config, 'kube-proxy.yaml');
  const reads = [config, join(paths.config, 'kube-proxy.kubeconfig')];
  return { name: 'kube-proxy', stage: 'api', reads, args: [`--config=${config}`] };
};

const coredns = ({ paths }: ClusterFacts): ClusterProcess => {
  const config = join(paths.config, 'Corefile');
  const reads = [config, join(paths.config, 'coredns.kubeconfig')];
  return { name: 'coredns', stage: 'api', reads, args: ['-conf', config] };
};

/** Every process of the embedded cluster, in the order in which they are started. */
export const clusterProcesses = (facts: ClusterFacts): ClusterProcess[] =>
  [etcd, containerd, apiServer, controllerManager, scheduler, kubelet, kubeProxy, coredns].map((process) =>
    process(facts),
  );
