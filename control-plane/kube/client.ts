import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { Agent, type RequestOptions, request as httpsRequest } from 'node:https';
import type { Identity } from '../wire/organization.ts';
import type { KubeConnection } from './connection.ts';
import { impersonation } from './impersonation.ts';
import { KubeError, kubeErrorOf } from './kube-error.ts';

export interface KubeCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of a PATCH: a JSON merge patch. */
  readonly body?: object;
  readonly signal?: AbortSignal;
}

export interface KubeClient {
  /** The parsed JSON of the answer, to be parsed by whoever asks. Throws KubeError. */
  request(call: KubeCall): Promise<unknown>;
}

export interface Kube extends KubeClient {
  /** Every call of it is the user's: the API server decides, and its audit log names both. */
  as(user: Pick<Identity, 'user' | 'groups'>): KubeClient;
}

/** Also how long a reader waits while the API server is away, before being told. */
const timeoutMs = 10_000;
/** A page of 500 objects at the 1.5 MB that the server allows would be more; no honest one comes near. */
const mostBytes = 64 * 1024 * 1024;
const userAgent = 'dbt-jobs-control-plane';

export function createKube(connection: KubeConnection): Kube {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const clientOf = (who: Readonly<Record<string, string | string[]>>): KubeClient => ({
    async request(call) {
      const { headers, ...options } = await connection.options();
      const answer = await send(
        connection.server,
        { ...options, agent, headers: { ...headers, ...who, ...headersOf(call) } },
        call,
      );
      const code = answer.statusCode ?? 0;
      const text = await whole(answer);
      if (code === 401) connection.refused();
      if (code < 200 || code > 299) throw kubeErrorOf(code, text);
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    },
  });
  return { ...clientOf({}), as: (user) => clientOf(impersonation(user)) };
}

function headersOf({ method, body }: KubeCall): Readonly<Record<string, string>> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return {
    accept: 'application/json',
    'user-agent': userAgent,
    ...(body !== undefined && { 'content-type': type }),
  };
}

async function send(
  server: string,
  { agent, ...options }: RequestOptions,
  call: KubeCall,
): Promise<IncomingMessage> {
  const url = new URL(server + call.path);
  for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, value);
  const deadline = AbortSignal.timeout(timeoutMs);
  const all = {
    ...options,
    method: call.method ?? 'GET',
    signal: call.signal === undefined ? deadline : AbortSignal.any([deadline, call.signal]),
  };
  return await new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...all, agent }, resolve)
        : httpRequest(url, all, resolve);
    request.on('error', (cause) => reject(new KubeError(0, `no answer: ${cause.message}`, { cause })));
    request.end(call.body === undefined ? undefined : JSON.stringify(call.body));
  });
}

async function whole(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of answer) {
      if (!Buffer.isBuffer(part)) continue;
      bytes += part.length;
      if (bytes > mostBytes) throw new Error(`it is longer than ${mostBytes} bytes`);
      parts.push(part);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KubeError(0, `the answer broke off: ${why}`, { cause });
  } finally {
    answer.destroy();
  }
  return Buffer.concat(parts).toString('utf8');
}
