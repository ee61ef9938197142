import { join } from 'node:path';
import type { Settings } from './config.ts';

/** Every path of one embedded cluster. Two clusters share none of them. */
export type ClusterPaths = ReturnType<typeof clusterPaths>;

export const clusterPaths = (settings: Pick<Settings, 'clusterName' | 'stateDir' | 'runDir'>) => {
  const dir = join(settings.stateDir, settings.clusterName);
  const run = join(settings.runDir, settings.clusterName);
  return {
    dir,
    run,
    network: join(dir, 'network.json'),
    source: join(dir, 'source'),
    kubeconfig: join(dir, 'kubeconfig'),
    pki: join(dir, 'pki'),
    config: join(dir, 'config'),
    logs: join(dir, 'logs'),
    auditLog: join(dir, 'logs/audit.log'),
    podLogs: join(dir, 'pod-logs'),
    etcd: join(dir, 'etcd'),
    kubelet: join(dir, 'kubelet'),
    containerd: join(dir, 'containerd'),
    /** What is mounted, for this cluster only, over paths that the kubelet and containerd cannot be told to leave. */
    fixed: join(dir, 'fixed'),
    /** Says which `dir` the cluster of this name has. */
    owner: join(run, 'owner'),
    containerdState: join(run, 'containerd'),
    containerdSocket: join(run, 'containerd.sock'),
  };
};

/** The name of the network namespace, the host's nftables table and the root cgroup. */
export const kernelName = (clusterName: string): string => `dbtj-${clusterName}`;
