import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { join } from 'node:path';

/** Where the API server is, and how a request to it is authenticated. */
export interface ApiConnection {
  /** https://host:port, without a path. */
  readonly server: string;
  /** Adds CA, token or client certificate. Called for each request: a ServiceAccount's token is replaced about hourly. */
  authenticate(options: RequestOptions): Promise<void>;
}

export interface ServiceAccountOptions {
  readonly host: string;
  readonly port: string;
  /** Holds the files `token` and `ca.crt`, kept by the kubelet. */
  readonly folder: string;
  readonly now: () => number;
}

/** How long files that were read are used, ms; as client-go has it. */
const readAgainMs = 60_000;

/** The API server of the cluster that this pod runs in. */
export function serviceAccountConnection({ host, port, folder, now }: ServiceAccountOptions): ApiConnection {
  let read: { readonly at: number; readonly token: string; readonly ca: string } | undefined;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    authenticate: async (options) => {
      if (read === undefined || now() - read.at >= readAgainMs) {
        const [token, ca] = await Promise.all(
          ['token', 'ca.crt'].map((file) => readFile(join(folder, file), 'utf8')),
        );
        read = { at: now(), token: (token ?? '').trim(), ca: ca ?? '' };
      }
      options.ca = read.ca;
      options.headers = { ...headersOf(options), authorization: `Bearer ${read.token}` };
    },
  };
}

/**
 * The API server of a kubeconfig, for a run outside a cluster. The library is loaded only here: its models of every
 * Kubernetes object take 85 MB, more than all the rest of the process.
 */
export async function kubeConfigConnection(): Promise<ApiConnection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Error('the kubeconfig names no cluster\nset KUBECONFIG to one whose current context does');
  }
  return {
    server,
    authenticate: async (options) => {
      options.headers = headersOf(options);
      await kubeConfig.applyToHTTPSOptions(options);
    },
  };
}

function headersOf({ headers }: RequestOptions): Record<string, number | string | string[] | undefined> {
  if (headers === undefined || Array.isArray(headers)) return {};
  return Object.fromEntries(Object.entries(headers));
}
