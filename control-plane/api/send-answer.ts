import { once } from 'node:events';
import type { Response } from 'express';
import type { Answer, Download, Given } from './route.ts';
import type { Refusal } from './refusal.ts';
import type { SendEvents } from './send-events.ts';

/** Writes what a handler gave. Throws what its iterable throws, and where the answer is not as its schema says. */
export async function sendAnswer(
  res: Response,
  said: Answer,
  given: unknown,
  { signal, sendEvents }: { readonly signal: AbortSignal; readonly sendEvents: SendEvents },
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

async function drained(res: Response, signal: AbortSignal): Promise<void> {
  await once(res, 'drain', { signal }).catch(() => undefined);
}
