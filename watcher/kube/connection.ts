import { readFile } from 'node:fs/promises';
import type http from 'node:http';
import type https from 'node:https';
import { join } from 'node:path';

/** Where the API server is, and what each call to it carries. */
export interface KubeConnection {
  /** Without a slash at its end. */
  readonly server: string;
  /** Sockets are pooled, unless the way leads through a proxy that brings its own agent. */
  readonly pooled: boolean;
  /** TLS and authentication for one call. */
  options(): Promise<CallOptions>;
  /** The server took the credentials for wrong: they are read again before the next call. */
  refused(): void;
}

export interface CallOptions extends https.RequestOptions {
  readonly headers?: http.OutgoingHttpHeaders;
}

export interface ServiceAccountShell {
  /** `https://host:port` of the API server. */
  readonly server: string;
  /** The folder with `token` and `ca.crt`. */
  readonly folder: string;
  now(): number;
}

/** client-go's interval: the kubelet writes a new token at 80 % of the old one's life. */
const rereadMs = 60_000;

/**
 * The ServiceAccount of the pod. Not by the Kubernetes library: that loads every model of the API, 55 MB that a watcher
 * never uses.
 */
export function serviceAccountConnection(shell: ServiceAccountShell): KubeConnection {
  let last: { readonly at: number; readonly options: CallOptions } | undefined;
  const read = async (): Promise<CallOptions> => {
    const [token, ca] = await Promise.all(
      ['token', 'ca.crt'].map((file) => readFile(join(shell.folder, file), 'utf8')),
    );
    return { ...(ca !== undefined && { ca }), headers: { authorization: `Bearer ${(token ?? '').trim()}` } };
  };
  return {
    server: shell.server,
    pooled: true,
    async options() {
      if (last === undefined || shell.now() - last.at >= rereadMs) {
        last = { at: shell.now(), options: await read() };
      }
      return last.options;
    },
    refused() {
      last = undefined;
    },
  };
}

/** The current context of KUBECONFIG, or of ~/.kube/config. Throws an Error where neither names a cluster. */
export async function kubeconfigConnection(): Promise<KubeConnection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error('no cluster in the kubeconfig\nset KUBECONFIG, or run inside a cluster');
  return {
    server: cluster.server.replace(/\/$/, ''),
    pooled: !cluster.proxyUrl,
    async options() {
      const options: CallOptions = { headers: {} };
      await config.applyToHTTPSOptions(options);
      return options;
    },
    refused: () => undefined,
  };
}
