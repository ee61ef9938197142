import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import type { ApiConnection } from './api-connection.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With its query. */
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed JSON; undefined where the answer is none. */
  readonly body: unknown;
}

export interface WatchRequest {
  readonly path: string;
  /** The watch is broken off when nothing came for so long: a connection can be dead without a word. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** The API server as this room uses it. `request` throws only where there is no answer. */
export interface ApiServer {
  request(request: ApiRequest): Promise<ApiAnswer>;
  /** One parsed JSON line at a time; throws where the connection breaks, falls silent, or is not answered with 200. */
  watch(request: WatchRequest): AsyncIterable<unknown>;
}

/** Longest answer that is read, bytes: a page of 500 projects with 20 plans each is about a tenth of it. */
const answerLimit = 64 * 1024 * 1024;

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeout?: number;
}

type Send = (path: string, asked: Asked, body?: string) => Promise<IncomingMessage>;

/** Over connections that are kept. */
export function connectApiServer(connection: ApiConnection): ApiServer {
  const agent = new Agent({ keepAlive: true });
  const send: Send = async (path, asked, body) => {
    const options: RequestOptions = { ...asked, headers: { ...asked.headers } };
    await connection.authenticate(options);
    return await new Promise((resolve, reject) => {
      const sent = httpsRequest(`${connection.server}${path}`, { ...options, agent }, resolve);
      sent.on('timeout', () => sent.destroy(new Error('the API server did not answer')));
      sent.on('error', reject);
      sent.end(body);
    });
  };
  return {
    request: async ({ method, path, body, contentType = 'application/json', timeoutMs, signal }) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      const both = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
      const headers = { accept: 'application/json', 'content-type': contentType };
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await send(path, { method, headers, signal: both }, text);
      return { status: answer.statusCode ?? 0, body: parseJson(await readAll(answer)) };
    },
    watch: (request) => readLines(request, send),
  };
}

async function* readLines({ path, silenceMs, signal }: WatchRequest, send: Send): AsyncIterable<unknown> {
  const headers = { accept: 'application/json' };
  const answer = await send(path, { method: 'GET', headers, signal, timeout: silenceMs });
  answer.setTimeout(silenceMs, () => answer.destroy(new Error(`nothing came for ${silenceMs} ms`)));
  try {
    if (answer.statusCode !== 200) throw new Error(`the API server answered ${answer.statusCode ?? 0}`);
    for await (const line of createInterface({ input: answer })) yield JSON.parse(line) as unknown;
  } finally {
    answer.destroy();
  }
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > answerLimit)
      throw new Error(`the answer of the API server is longer than ${answerLimit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
