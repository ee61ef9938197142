import { existsSync } from 'node:fs';
import type { Answer } from '../../e2e/api.ts';
import type { Json } from '../json.ts';
import { textAt } from '../json.ts';

/** Longest that one request may take, ms: a webhook that is down answers after the API server's own 10 s. */
const requestTimeoutMs = 45_000;

export interface Api {
  /** "Kubernetes v1.36.3". */
  readonly version: string;
  /** Address of the server. */
  readonly address: string;
  readonly kubeconfig: string;
  /** Never throws for a status; throws where no answer comes. */
  request(method: string, path: string, body?: unknown, type?: string): Promise<Answer>;
}

/** The API server of a kubeconfig, or why there is none. */
export async function connect(kubeconfig: string): Promise<Api | { readonly notRun: string }> {
  if (!existsSync(kubeconfig))
    return { notRun: 'there is no cluster: "make cluster", or set DBT_JOBS_KUBECONFIG' };
  const [{ request }, { KubeConfig }] = await Promise.all([
    import('../../e2e/api.ts'),
    import('@kubernetes/client-node'),
  ]);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const timed: Api['request'] = async (method, path, body, type) => {
    const answer = await within(requestTimeoutMs, `${method} ${path}`, request(method, path, body, type));
    // Headers are read as Latin-1, and our texts hold "…".
    return { ...answer, warnings: answer.warnings.map((line) => Buffer.from(line, 'latin1').toString()) };
  };
  try {
    const { body } = await timed('GET', '/version');
    const version = `Kubernetes ${textAt(body, 'gitVersion') ?? 'of an unknown version'}`;
    return { version, address: config.getCurrentCluster()?.server ?? '', kubeconfig, request: timed };
  } catch (error) {
    return {
      notRun: `the API server does not answer: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** The answer's object; throws with the server's message where the status is not one of `statuses`. */
export async function must(
  api: Api,
  statuses: readonly number[],
  ...[method, path, body, type]: Parameters<Api['request']>
): Promise<Json> {
  const answer = await api.request(method, path, body, type);
  if (statuses.includes(answer.status)) return answer.body;
  throw new Error(`${method} ${path}: ${answer.status}: ${textAt(answer.body, 'message') ?? ''}`);
}

async function within<T>(ms: number, what: string, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
