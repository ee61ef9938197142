import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { announceMs, drainMs, shutDown } from './shut-down.ts';

/** A server whose requests wait to be answered, and a clock of which each wait is ended by the test. */
async function serve() {
  const waiting: ServerResponse[] = [];
  const server = createServer((_req, res) => void waiting.push(res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const waits: { ms: number; end: () => void; signal: AbortSignal | undefined }[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((end) => void waits.push({ ms, end, signal }));
  const { port } = server.address() as AddressInfo;
  const request = async (agent?: Agent): Promise<string> => {
    const sent = get({ port, host: '127.0.0.1', agent });
    const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return text;
  };
  const arrived = (): Promise<unknown> => once(server, 'request');
  return { server, waiting, waits, sleep, request, arrived };
}

describe('shutting down', () => {
  it('takes requests until readiness has been seen to fail, then answers those in flight', async () => {
    const { server, waiting, waits, sleep, request, arrived } = await serve();
    const ended = shutDown(server, sleep);
    expect(waits.map(({ ms }) => ms)).toEqual([announceMs]);
    const answer = request();
    await arrived();
    waits[0]!.end();
    await expect.poll(() => waits.map(({ ms }) => ms)).toEqual([announceMs, drainMs]);
    await expect(request()).rejects.toThrow(/ECONNREFUSED/);
    waiting[0]!.setHeader('Connection', 'close').end('done');
    expect([await answer, await ended]).toEqual(['done', 'drained']);
  });

  it('closes connections that are idle', async () => {
    const { server, waiting, waits, sleep, request, arrived } = await serve();
    const agent = new Agent({ keepAlive: true });
    const answer = request(agent);
    await arrived();
    waiting[0]!.end('done');
    await answer;
    const ended = shutDown(server, sleep);
    waits[0]!.end();
    expect(await ended).toBe('drained');
    expect(waits[1]?.signal?.aborted, 'the drain timer is ended').toBe(true);
    agent.destroy();
  });

  it('cuts off what is not answered in time', async () => {
    const { server, waits, sleep, request, arrived } = await serve();
    const answer = request();
    const cut = expect(answer).rejects.toThrow(/hang up|reset/);
    await arrived();
    const ended = shutDown(server, sleep);
    waits[0]!.end();
    await expect.poll(() => waits.length).toBe(2);
    waits[1]!.end();
    expect(await ended).toBe('cut off');
    await cut;
  });

  it('ends within the grace period of the pod', () => {
    expect(announceMs).toBeGreaterThanOrEqual(10_000);
    expect(announceMs + drainMs).toBeLessThan(30_000);
  });
});
