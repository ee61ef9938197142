import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { ingestion, ingestionAnswer, type IngestionBatch } from '../../contract/ingestion.ts';

/** A batch that the control plane has not taken. */
export class IngestionError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly retryAfterMs: number;

  constructor(status: number, message: string, retryAfterMs = 0, cause?: unknown) {
    super(message, { cause });
    this.name = 'IngestionError';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface ControlPlane {
  /** Indexes of the reports that never will be accepted. Throws IngestionError. */
  send(batch: IngestionBatch): Promise<readonly Rejection[]>;
}

export interface Rejection {
  readonly index: number;
  readonly message: string;
}

export interface ControlPlaneSettings {
  readonly url: string;
  readonly tokenFile: string;
  readonly caFile: string | undefined;
}

const timeoutMs = 30_000;
const maxAnswerBytes = 1024 * 1024;

/** The token is read for each batch: the kubelet renews it under way. */
export function createControlPlane(settings: ControlPlaneSettings): ControlPlane {
  const url = new URL(settings.url + ingestion.path);
  const agent =
    url.protocol === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  return {
    async send(batch) {
      const [token, ca] = await Promise.all([
        readFile(settings.tokenFile, 'utf8'),
        settings.caFile === undefined ? undefined : readFile(settings.caFile, 'utf8'),
      ]);
      const text = await post(
        url,
        JSON.stringify(batch),
        { agent, ...(ca !== undefined && { ca }) },
        token.trim(),
      );
      const answer = ingestionAnswer.safeParse(parsed(text)).data;
      if (answer === undefined)
        throw new IngestionError(200, 'the control plane answered what is no answer to a batch');
      return answer.rejected;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function post(url: URL, body: string, tls: https.RequestOptions, token: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      ...tls,
      method: 'POST',
      headers,
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`no byte for ${timeoutMs} ms`)));
    request.on('response', resolve);
    request.on('error', (cause) =>
      reject(new IngestionError(0, `the control plane did not answer: ${cause.message}`, 0, cause)),
    );
    request.end(body);
  });
  const text = await whole(answer);
  const status = answer.statusCode ?? 0;
  if (status === 200) return text;
  const retryAfter = Number(answer.headers['retry-after']);
  throw new IngestionError(
    status,
    `the control plane answered ${status}`,
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter * 1000 : 0,
  );
}

async function whole(answer: http.IncomingMessage): Promise<string> {
  answer.setEncoding('utf8');
  let text = '';
  try {
    for await (const chunk of answer) {
      text += String(chunk);
      if (text.length > maxAnswerBytes) throw new Error('the answer is too long');
    }
  } catch (cause) {
    throw new IngestionError(0, 'the answer of the control plane broke off', 0, cause);
  } finally {
    answer.destroy();
  }
  return text;
}
