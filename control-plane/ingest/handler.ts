import { json, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { ingestion } from '../../contract/ingestion.ts';
import { StoreUnavailableError } from '../store/store.ts';
import type { Problem } from '../wire/problem.ts';
import type { Ingest } from './ingest.ts';
import { InvalidBatchError } from './read-batch.ts';

/** Bytes of batches that are read or written at once; as objects they take some five times as much memory. */
const waitingBytes = 16 * ingestion.batchBytes;
const busySeconds = 1;
const unavailableSeconds = 5;

/**
 * The address of ingestion, for a caller who is known to be the watcher: bodies are not read for anybody else. Answers as
 * contract/ingestion.ts says; what nobody thought of goes to `next`.
 */
export function createIngestionHandler(ingest: Ingest): RequestHandler {
  let waiting = 0;
  return async (req, res, next) => {
    const bytes = announcedBytes(req);
    if (bytes > ingestion.batchBytes) {
      refuse(res, 413, tooLarge);
      return;
    }
    if (waiting + bytes > waitingBytes) {
      refuse(res, 429, 'Too much is waiting to be written', busySeconds);
      return;
    }
    waiting += bytes;
    try {
      res.json(await ingest(await readBody(req, res)));
    } catch (error) {
      if (error instanceof InvalidBatchError) refuse(res, 400, `No batch: ${error.message}`);
      else if (error instanceof StoreUnavailableError)
        refuse(res, 503, 'The database of the control plane does not answer', unavailableSeconds);
      else if (bodyError.safeParse(error).data?.status === 413) refuse(res, 413, tooLarge);
      else if (bodyError.safeParse(error).success) refuse(res, 400, 'The body is no JSON');
      else next(error);
    } finally {
      waiting -= bytes;
    }
  };
}

const tooLarge = `A batch has at most ${ingestion.batchBytes} bytes`;

/** A body that does not say how long it is counts as the longest. */
function announcedBytes(req: Request): number {
  const length = Number(req.headers['content-length'] ?? Number.NaN);
  return Number.isFinite(length) && req.headers['content-encoding'] === undefined
    ? length
    : ingestion.batchBytes;
}

const parse: RequestHandler = json({ limit: ingestion.batchBytes, type: () => true });
/** Errors of body-parser: the sender's. */
const bodyError = z.object({ status: z.number().min(400).max(499) });

async function readBody(req: Request, res: Response): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    parse(req, res, (error: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the body cannot be read', { cause: error }));
    });
  });
  const body: unknown = req.body;
  return body;
}

function refuse(res: Response, status: number, title: string, retryAfterSeconds?: number): void {
  if (retryAfterSeconds !== undefined) res.set('Retry-After', String(retryAfterSeconds));
  const problem: Problem = { title, status };
  res.status(status).type('application/problem+json').json(problem);
}
