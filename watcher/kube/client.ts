import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';

/** A call that the API server, or the way to it, did not answer with 2xx. */
export class KubeError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, retryAfterSeconds?: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'KubeError';
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface KubeCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The few verbs of the API that the watcher uses; every answer is unknown until somebody parses it. */
export interface KubeClient {
  /** The parsed JSON of the answer. Throws KubeError. */
  request(call: KubeCall): Promise<unknown>;
  /** Chunks of the answer as they come. Throws KubeError, also after `inactivityMs` without a byte. */
  stream(call: KubeCall, inactivityMs: number): AsyncIterable<string>;
}

const requestTimeoutMs = 30_000;
/** A page of 500 objects at the server's own limit of 1.5 MB each would be more; no honest page comes near. */
const maxBodyBytes = 64 * 1024 * 1024;
const contentTypes = {
  POST: 'application/json',
  PUT: 'application/json',
  PATCH: 'application/merge-patch+json',
};

/** Authentication and TLS are the KubeConfig's; it re-reads a projected token every minute. */
export function createKubeClient(config: KubeConfig): KubeClient {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 16 });
  const open = async (call: KubeCall, timeoutMs: number): Promise<http.IncomingMessage> => {
    const cluster = config.getCurrentCluster();
    if (cluster === null)
      throw new Error('no cluster in the kubeconfig\nset KUBECONFIG, or run inside a cluster');
    const options: https.RequestOptions = { method: call.method ?? 'GET', headers: headersOf(call) };
    await config.applyToHTTPSOptions(options);
    const url = new URL(cluster.server.replace(/\/$/, '') + call.path);
    for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, value);
    // The library's own agent opens a connection for each call; it is needed only to go through a proxy.
    if (url.protocol === 'https:' && !cluster.proxyUrl) options.agent = agent;
    return send(url, options, call, timeoutMs);
  };
  return {
    async request(call) {
      const text = await whole(await open(call, requestTimeoutMs));
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      return body;
    },
    async *stream(call, inactivityMs) {
      yield* chunks(await open(call, inactivityMs));
    },
  };
}

function headersOf({ method }: KubeCall): http.OutgoingHttpHeaders {
  const accept = { accept: 'application/json, */*' };
  return method === undefined || method === 'GET'
    ? accept
    : { ...accept, 'content-type': contentTypes[method] };
}

async function send(
  url: URL,
  options: https.RequestOptions,
  call: KubeCall,
  timeoutMs: number,
): Promise<http.IncomingMessage> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      ...options,
      ...(call.signal && { signal: call.signal }),
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`no byte for ${timeoutMs} ms`)));
    request.on('response', resolve);
    request.on('error', (cause) =>
      reject(new KubeError(0, `${call.path} was not answered: ${cause.message}`, undefined, cause)),
    );
    request.end(body);
  });
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return answer;
  throw await refusal(answer, status, call);
}

const statusBody = z.object({ message: z.string() });

async function refusal(answer: http.IncomingMessage, status: number, call: KubeCall): Promise<KubeError> {
  const retryAfter = Number(answer.headers['retry-after']);
  let message = '';
  try {
    message = statusBody.parse(JSON.parse(await whole(answer))).message;
  } catch {
    message = http.STATUS_CODES[status] ?? 'no message';
  }
  return new KubeError(
    status,
    `${call.method ?? 'GET'} ${call.path} gave ${status}: ${message}`,
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  );
}

async function whole(answer: http.IncomingMessage): Promise<string> {
  const parts: string[] = [];
  let size = 0;
  for await (const chunk of chunks(answer)) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new KubeError(0, `an answer is longer than ${maxBodyBytes} bytes`);
    parts.push(chunk);
  }
  return parts.join('');
}

async function* chunks(answer: http.IncomingMessage): AsyncGenerator<string> {
  answer.setEncoding('utf8');
  try {
    for await (const chunk of answer) yield String(chunk);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KubeError(0, `the answer broke off: ${why}`, undefined, cause);
  } finally {
    answer.destroy();
  }
}
