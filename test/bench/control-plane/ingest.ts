import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { z } from 'zod';
import { ingestion } from '../../../contract/ingestion.ts';
import type { LogBody } from './log-corpus.ts';

const used = z.object({ cpuSeconds: z.number(), peakBytes: z.number() });

export interface IngestArm {
  /** What sending the bodies, one after the other, costs the server. */
  send(bodies: readonly LogBody[]): Promise<{ readonly cpuSeconds: number; readonly peakBytes: number }>;
  stop(): Promise<void>;
}

export async function startIngestArm(settings: unknown): Promise<IngestArm> {
  const child = fork(new URL('./ingest-server.ts', import.meta.url), [JSON.stringify(settings)]);
  const { port } = z.object({ port: z.number() }).parse(await answerOf(child));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async () => {
    const answer = answerOf(child);
    child.send('used');
    return used.parse(await answer);
  };
  return {
    async send(bodies) {
      const before = await ask();
      for (const { body } of bodies) await post(agent, port, body);
      const after = await ask();
      return { cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakBytes: after.peakBytes };
    },
    async stop() {
      agent.destroy();
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const { signal } = done;
  try {
    const [message] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error('the server of the bench ended'))),
    ])) as unknown[];
    return message;
  } finally {
    done.abort();
  }
}

async function post(agent: http.Agent, port: number, body: string): Promise<void> {
  const request = http.request({
    agent,
    port,
    path: ingestion.path,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  request.end(body);
  const [answer] = await answered;
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  if (answer.statusCode !== 200 || text !== '{"rejected":[]}')
    throw new Error(`a batch was answered with ${answer.statusCode ?? 0}: ${text.slice(0, 300)}`);
}

/** What nobody can do without: the body is read, and each line in it. */
export function parseAlone(bodies: readonly LogBody[]): { readonly cpuSeconds: number } {
  const batch = z.object({ reports: z.array(z.object({ lines: z.array(z.object({ text: z.string() })) })) });
  const before = process.cpuUsage();
  for (const { body } of bodies)
    for (const { lines } of batch.parse(JSON.parse(body)).reports)
      for (const { text } of lines) JSON.parse(text);
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6 };
}
