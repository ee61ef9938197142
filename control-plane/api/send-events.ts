import { once } from 'node:events';
import type { Response } from 'express';
import type { z } from 'zod';
import { Refusal } from './refusal.ts';
import type { LiveEvent } from './route.ts';

export interface LiveLimits {
  /** Between two signs of life: proxies cut a connection on which nothing comes for a minute. */
  readonly beatMs: number;
  /** After so long a stream ends, and its reader comes again: with the rights that it has then, to a replica that is there. */
  readonly longestMs: number;
  /** A reader that takes nothing for so long is let go; it comes again with the id that it saw last. */
  readonly stallMs: number;
  /** Open at a time in this process. */
  readonly most: number;
}

export const liveLimits: LiveLimits = { beatMs: 15_000, longestMs: 600_000, stallMs: 30_000, most: 2000 };

/** How long a browser waits before it comes again, ms. */
const retryMs = 1000;

export type SendEvents = (
  res: Response,
  schemas: Readonly<Record<string, z.ZodType>>,
  live: AsyncIterable<LiveEvent>,
  signal: AbortSignal,
) => Promise<void>;

/**
 * Writes server-sent events until `live` ends. Nothing is kept for a reader but the one event that it does not take: what
 * comes meanwhile waits where it came from. Throws a Refusal of 503 where too many are open, and what `live` throws.
 */
export function eventSender(limits: LiveLimits): SendEvents {
  let open = 0;
  return async (res, schemas, live, signal) => {
    if (open >= limits.most) throw tooMany;
    open += 1;
    res.status(200).set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    res.write(`retry: ${retryMs}\n\n`);
    const beat = setInterval(() => {
      if (!res.writableNeedDrain) res.write(':\n\n');
    }, limits.beatMs);
    try {
      for await (const { id, event, data } of live) {
        const text = JSON.stringify(schemas[event]?.parse(data));
        if (!res.write(`id: ${id}\nevent: ${event}\ndata: ${text}\n\n`)) await drained(res, signal, limits);
      }
      res.end();
    } finally {
      clearInterval(beat);
      open -= 1;
    }
  };
}

const tooMany = new Refusal(
  { status: 503, title: 'Too many pages are followed live', detail: 'Close some, or try again in a moment.' },
  { 'Retry-After': '10' },
);

async function drained(res: Response, signal: AbortSignal, { stallMs }: LiveLimits): Promise<void> {
  const stalled = AbortSignal.timeout(stallMs);
  await once(res, 'drain', { signal: AbortSignal.any([signal, stalled]) }).catch(() => undefined);
  if (stalled.aborted) res.destroy();
}
