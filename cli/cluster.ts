import { HttpMethod, IsomorphicFetchHttpLibrary, KubeConfig, RequestContext } from '@kubernetes/client-node';
import { parseWarnings, Unreachable, type Cluster, type Send } from './api-server.ts';
import type { Connection } from './parse-arguments.ts';

/** An answer that takes longer is none; the API server itself gives up on a request after 60 s. */
const answerTimeoutMs = 65_000;

export function connect(connection: Connection): Cluster {
  const { kubeConfig, server } = loadKubeConfig(connection);
  const context = kubeConfig.getContextObject(kubeConfig.getCurrentContext());
  const library = new IsomorphicFetchHttpLibrary();
  const send: Send = async ({ method, path, query = {}, body }) => {
    const request = new RequestContext(`${server}${path}`, HttpMethod[method]);
    for (const [key, value] of Object.entries(query)) request.setQueryParam(key, value);
    request.setHeaderParam('Accept', path.endsWith('/log') ? '*/*' : 'application/json');
    if (body !== undefined) {
      request.setHeaderParam('Content-Type', 'application/json');
      request.setBody(JSON.stringify(body));
    }
    request.setSignal(AbortSignal.timeout(answerTimeoutMs));
    try {
      await kubeConfig.applySecurityAuthentication(request);
      const response = await library.send(request).toPromise();
      const text = await response.body.text();
      return {
        code: response.httpStatusCode,
        text,
        warnings: parseWarnings(response.headers['warning'] ?? ''),
      };
    } catch (error) {
      throw new Unreachable(`${server} does not answer: ${causeOf(error)}`, { cause: error });
    }
  };
  return { send, namespace: context?.namespace ?? 'default' };
}

function loadKubeConfig({ kubeconfig, context }: Connection): { kubeConfig: KubeConfig; server: string } {
  const kubeConfig = new KubeConfig();
  try {
    if (kubeconfig === undefined) kubeConfig.loadFromDefault();
    else kubeConfig.loadFromFile(kubeconfig);
  } catch (error) {
    throw new Unreachable(`the kubeconfig cannot be read: ${causeOf(error)}`, { cause: error });
  }
  if (context !== undefined) kubeConfig.setCurrentContext(context);
  const current = kubeConfig.getCurrentCluster();
  if (current === null) {
    const known = kubeConfig.getContexts().map((entry) => entry.name);
    const asked = kubeConfig.getCurrentContext();
    throw new Unreachable(
      `the kubeconfig has no context ${JSON.stringify(asked)} with a cluster; its contexts: ${known.join(', ') || 'none'}`,
    );
  }
  return { kubeConfig, server: current.server.replace(/\/+$/, '') };
}

/** The innermost message: fetch says only that it failed. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return causeOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return error.message === '' ? (code ?? error.name) : error.message;
}
