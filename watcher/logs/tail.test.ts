import { describe, expect, it } from 'vitest';
import { type KubeCall, type KubeClient, KubeError } from '../kube/client.ts';
import { type ExecutionState, tailLog } from './tail.ts';

const target = {
  namespace: 'shop',
  pod: 'nightly-1-abcde',
  podUid: 'pod-uid',
  container: 'dbt',
  execution: 0,
};
const stamp = (millis: number) =>
  new Date(Date.UTC(2026, 10, 23, 2) + millis).toISOString().replace('Z', '000000Z');
const lines = (from: number, to: number, each = 7) =>
  Array.from({ length: to - from }, (_, index) => `${stamp((from + index) * each)} line ${from + index}\n`);
const texts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

interface Reading {
  readonly chunks: readonly string[];
  readonly error?: Error;
  /** Of the execution, once the reading is over. */
  readonly then?: ExecutionState;
}

/** Answers one reading after the other, cut to `sinceTime` as a kubelet would. */
async function tail(readings: readonly Reading[], first: ExecutionState = 'running') {
  const queries: Record<string, string>[] = [];
  let state = first;
  let count = 0;
  const client: KubeClient = {
    request: () => Promise.reject(new Error('a log is streamed')),
    async *stream({ query = {} }: KubeCall) {
      queries.push({ ...query });
      const reading = readings[count] ?? { chunks: [], then: 'gone' };
      count += 1;
      const since = query['sinceTime'] ?? '';
      for (const chunk of reading.chunks) {
        yield await Promise.resolve(/^\d{4}/.test(chunk) && `${chunk.slice(0, 19)}Z` < since ? '' : chunk);
      }
      state = reading.then ?? state;
      if (reading.error) throw reading.error;
    },
  };
  const [told, gaps]: [string[], string[]] = [[], []];
  const pauses: number[] = [];
  await tailLog(
    {
      client,
      random: () => 0,
      state: () => state,
      sleep: (ms) => Promise.resolve(void pauses.push(ms)),
      turn: (reading) => reading(),
      onTrouble: () => undefined,
    },
    target,
    {
      lines: (found) => Promise.resolve(void told.push(...found.map(({ text }) => text))),
      gap: (reason) => Promise.resolve(void gaps.push(`${reason} after ${told.length}`)),
    },
    AbortSignal.timeout(10_000),
  );
  return { told, gaps, queries, pauses };
}

const reset = new KubeError(0, 'the answer broke off: ECONNRESET');

describe('the log of a container', () => {
  it('J15 is followed from its first byte, and read once more when the container has ended', async () => {
    const { told, gaps, queries } = await tail([
      { chunks: lines(0, 300), then: 'ended' },
      { chunks: lines(0, 303) },
    ]);
    expect([told, gaps]).toEqual([texts(0, 303), []]);
    expect(queries).toEqual([
      { container: 'dbt', timestamps: 'true', follow: 'true' },
      { container: 'dbt', timestamps: 'true', sinceTime: '2026-11-23T02:00:02Z' },
    ]);
  });

  it('J18 is whole and without duplicates after fifty breaks, each in the middle of a line', async () => {
    const whole = lines(0, 1000).join('');
    const readings: Reading[] = Array.from({ length: 50 }, (_, index) => ({
      chunks: [...lines(0, index * 20), (lines(index * 20, index * 20 + 1)[0] ?? '').slice(0, -3)],
      error: reset,
    }));
    const { told, gaps } = await tail([
      ...readings,
      { chunks: lines(0, 1000), then: 'ended' },
      { chunks: lines(0, 1000) },
    ]);
    expect(told.map((text) => `${text}\n`).join('')).toBe(whole.replaceAll(/^\S+ /gm, ''));
    expect(gaps).toEqual([]);
  });

  it('J18 is not given up, nor waited for longer and longer, while each reading comes further', async () => {
    const readings = Array.from({ length: 60 }, (_, index) => ({
      chunks: lines(0, 20 + index),
      error: reset,
    }));
    const { told, gaps, pauses } = await tail([...readings, { chunks: lines(0, 100) }], 'ended');
    expect([told, gaps, Math.max(...pauses)]).toEqual([texts(0, 100), [], 250]);
  });

  it('J17 says where the node has dropped lines while nobody read', async () => {
    const { told, gaps } = await tail([
      { chunks: lines(0, 10), error: reset },
      { chunks: lines(500, 510), then: 'ended' },
      { chunks: lines(500, 512) },
    ]);
    expect([told, gaps]).toEqual([[...texts(0, 10), ...texts(500, 512)], ['rotated after 10']]);
  });

  it('J17 is connected again when it stands still', async () => {
    const silent = new KubeError(0, 'the answer broke off: no byte for 60000 ms');
    const { told } = await tail([
      { chunks: lines(0, 2), error: silent },
      { chunks: lines(0, 5), then: 'ended' },
      { chunks: lines(0, 5) },
    ]);
    expect(told).toEqual(texts(0, 5));
  });

  it('J19 is told as it is, however its bytes come', async () => {
    const odd = `${stamp(0)} \u001b[31mé\r50%\r100%\u0000 \uFFFD\n${stamp(1)} no line feed`;
    const { told } = await tail([{ chunks: odd.split(/(?:)/u) }], 'ended');
    expect(told).toEqual(['\u001b[31mé\r50%\r100%\u0000 \uFFFD', 'no line feed']);
  });

  it('of an execution that was followed by another is the previous one', async () => {
    const { told, queries } = await tail([{ chunks: lines(0, 3) }], 'previous');
    expect([told, queries]).toEqual([
      texts(0, 3),
      [{ container: 'dbt', timestamps: 'true', previous: 'true' }],
    ]);
  });

  it('J12 is given up with a mark when the pod is gone before it was read', async () => {
    const { told, gaps } = await tail([{ chunks: lines(0, 3), error: reset, then: 'gone' }]);
    expect([told, gaps]).toEqual([texts(0, 3), ['unreadable after 3']]);
  });

  it('J3 is waited for while the server cannot be reached, for ten minutes', async () => {
    const unreachable = { chunks: [], error: reset };
    const late = await tail(
      [...Array.from({ length: 24 }, () => unreachable), { chunks: lines(0, 3) }],
      'ended',
    );
    expect([late.told, late.gaps]).toEqual([texts(0, 3), []]);
    const never = await tail(
      Array.from({ length: 40 }, () => unreachable),
      'ended',
    );
    expect([never.gaps, never.queries.length]).toEqual([['unreadable after 0'], 25]);
  });

  it('is given up with a mark when the node does not give it, after three tries', async () => {
    const words = { chunks: ['unable to retrieve container logs for containerd://1f\n'] };
    const { gaps, queries } = await tail(
      Array.from({ length: 9 }, () => words),
      'ended',
    );
    expect([gaps, queries.length]).toEqual([['unreadable after 0'], 3]);
  });
});
