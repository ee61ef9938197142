import { clusterPaths } from '../cluster/cluster-paths.ts';
import { readSettings } from '../cluster/config.ts';

const settings = readSettings();

/** Kubeconfig of the cluster under test: a given one, or that of CLUSTER_NAME. */
export const kubeconfig = settings.givenKubeconfig ?? clusterPaths(settings).kubeconfig;
