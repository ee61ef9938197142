import http from 'node:http';
import https from 'node:https';
import { z } from 'zod';
import type { KubeConnection } from './connection.ts';

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
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
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

/** A call over the connection; a watch or a log that is followed holds its socket, and must not hold up the others. */
export function createKubeClient(connection: KubeConnection): KubeClient {
  const requests = new https.Agent({ keepAlive: true, maxSockets: 16 });
  const streams = new https.Agent({ keepAlive: true });
  const open = async (call: KubeCall, timeoutMs: number, agent: https.Agent) => {
    const { headers, ...options } = await connection.options();
    const url = new URL(connection.server + call.path);
    for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, value);
    try {
      return await send(
        url,
        {
          ...options,
          method: call.method ?? 'GET',
          headers: { ...headers, ...headersOf(call) },
          ...(url.protocol === 'https:' && connection.pooled && { agent }),
        },
        call,
        timeoutMs,
      );
    } catch (error) {
      if (error instanceof KubeError && error.status === 401) connection.refused();
      throw error;
    }
  };
  return {
    async request(call) {
      const text = await whole(await open(call, requestTimeoutMs, requests));
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      return body;
    },
    async *stream(call, inactivityMs) {
      yield* chunks(await open(call, inactivityMs, streams));
    },
  };
}

function headersOf({ method }: KubeCall): http.OutgoingHttpHeaders {
  const accept = { accept: 'application/json, */*' };
  return method === undefined || method === 'GET' || method === 'DELETE'
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
