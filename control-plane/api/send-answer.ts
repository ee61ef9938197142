import { once } from 'node:events';
import type { Response } from 'express';
import type { z } from 'zod';
import type { Answer, Download, Given, LiveEvent } from './route.ts';
import type { Refusal } from './refusal.ts';

/** Writes what a handler gave. Throws what its iterable throws, and where the answer is not as its schema says. */
export async function sendAnswer(
  res: Response,
  said: Answer,
  given: unknown,
  signal: AbortSignal,
): Promise<void> {
  switch (said.kind) {
    case 'json':
      res.status(said.status).json(said.schema.parse(given));
      return;
    case 'nothing':
      res.status(204).end();
      return;
    case 'download':
      await sendDownload(res, given as Given<typeof said>, signal);
      return;
    case 'events':
      await sendEvents(res, said.schemas, given as Given<typeof said>, signal);
  }
}

export function sendRefusal(res: Response, { problem, headers }: Refusal): void {
  res.set(headers).status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** An attachment of plain text: a log is never shown as a page. */
async function sendDownload(
  res: Response,
  { fileName, chunks }: Download,
  signal: AbortSignal,
): Promise<void> {
  res.status(200).attachment(fileName).type('text/plain');
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    if (!res.write(chunk)) await drained(res, signal);
  }
  res.end();
}

async function sendEvents(
  res: Response,
  schemas: Readonly<Record<string, z.ZodType>>,
  live: AsyncIterable<LiveEvent>,
  signal: AbortSignal,
): Promise<void> {
  res.status(200).set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' }).flushHeaders();
  for await (const { id, event, data } of live) {
    if (signal.aborted) return;
    const text = JSON.stringify(schemas[event]?.parse(data));
    if (!res.write(`id: ${id}\nevent: ${event}\ndata: ${text}\n\n`)) await drained(res, signal);
  }
  res.end();
}

async function drained(res: Response, signal: AbortSignal): Promise<void> {
  await once(res, 'drain', { signal }).catch(() => undefined);
}
