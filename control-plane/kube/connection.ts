import { readFile } from 'node:fs/promises';
import type https from 'node:https';
import { join } from 'node:path';

export interface CallOptions extends https.RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where the API server is, and what the next call has to carry. */
export interface KubeConnection {
  /** `https://host:port`, without a path. */
  readonly server: string;
  options(): Promise<CallOptions>;
  /** The server took the credentials for wrong: they are read again before the next call. */
  refused(): void;
}

export interface ServiceAccountShell {
  readonly server: string;
  /** With `token` and `ca.crt`, kept by the kubelet. */
  readonly folder: string;
  now(): number;
}

/** client-go's interval: the kubelet writes a new token at 80 % of the old one's life. */
const rereadMs = 60_000;

/** As the ServiceAccount of the pod. */
export function serviceAccountConnection(shell: ServiceAccountShell): KubeConnection {
  const { server, folder } = shell;
  let last: { readonly at: number; readonly options: CallOptions } | undefined;
  const read = async (): Promise<CallOptions> => {
    const [token, ca] = await Promise.all([
      readFile(join(folder, 'token'), 'utf8'),
      readFile(join(folder, 'ca.crt'), 'utf8'),
    ]);
    return { ca, headers: { authorization: `Bearer ${token.trim()}` } };
  };
  return {
    server,
    async options() {
      if (last === undefined || shell.now() - last.at >= rereadMs)
        last = { at: shell.now(), options: await read() };
      return last.options;
    },
    refused() {
      last = undefined;
    },
  };
}

/**
 * The current context of KUBECONFIG, or of ~/.kube/config, for a process outside a cluster. The library is loaded only
 * here: its models of every Kubernetes object take more memory than all the rest.
 */
export async function kubeconfigConnection(): Promise<KubeConnection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error('no cluster in the kubeconfig\nset KUBECONFIG, or run inside a cluster');
  return {
    server: cluster.server.replace(/\/$/, ''),
    async options() {
      const options: https.RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(options);
      const headers = Object.entries(options.headers ?? {}).map(
        ([name, value]) => [name, String(value)] as const,
      );
      return { ...options, headers: Object.fromEntries(headers) };
    },
    refused: () => undefined,
  };
}
