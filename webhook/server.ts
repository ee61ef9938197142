import express from 'express';
import type { Express, Request, Response } from 'express';
import type { AdmissionAnswer, AdmissionRequest } from './admission-review.ts';
import { denied, parseReview } from './admission-review.ts';
import type { Admission, Admit, AdmitOptions } from './admit.ts';
import { admitCronJob, admitJob, admitPod } from './admit.ts';
import type { Log } from './log.ts';
import type { Metrics, Resource } from './metrics.ts';

/**
 * Largest review, bytes. The API server takes objects of 3 MiB; a review holds one, here without an old one, and JSON
 * may be up to twice as long as what etcd stores: with room for the envelope, 7 MiB, as controller-runtime has it.
 */
export const reviewLimit = 7 * 1024 * 1024;

/** Where the API server names no timeout of its own: that of the chart's webhook configuration. */
const defaultTimeoutMs = 5000;
/** Part of the API server's timeout that a look-up may use; the rest is for the way there and back. */
const lookUpShare = 0.8;

export interface ServerOptions extends AdmitOptions {
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'admitted' | 'refused'>;
  /** While true, each connection is closed after its answer, so that the API server turns to another replica. */
  readonly isShuttingDown: () => boolean;
}

/** POST /mutate/pods, /mutate/jobs and /mutate/cronjobs. Whatever can be answered with a review is answered so, with HTTP 200. */
export function createApp(options: ServerOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use((_req, res, next) => {
    if (options.isShuttingDown()) res.set('Connection', 'close');
    next();
  });
  // No inflating: the API server never compresses a review, and a small body could become a large one.
  const body = express.raw({ type: 'application/json', limit: reviewLimit, inflate: false });
  route(app, 'pods', admitPod, body, options);
  route(app, 'jobs', admitJob, body, options);
  route(app, 'cronjobs', admitCronJob, body, options);
  app.use((_req, res) => {
    res.status(404).json({ error: 'not found: POST /mutate/pods, /mutate/jobs or /mutate/cronjobs' });
  });
  return app;
}

function route(
  app: Express,
  resource: Resource,
  admit: Admit,
  body: express.RequestHandler,
  options: ServerOptions,
): void {
  const refuse: Refuse = (res, status, error) => {
    options.metrics.refused(resource);
    options.log.warn({ resource, status }, 'Refused request');
    res.status(status).json({ error });
  };
  app.post(`/mutate/${resource}`, body, async (req, res) => {
    const startedAt = performance.now();
    const read = readReview(req);
    if ('error' in read) {
      refuse(res, read.status, read.error);
      return;
    }
    const { request } = read;
    const admission = await answer(
      request,
      admit,
      lookUpTimeoutMs(req.query['timeout']),
      options.log,
      options,
    );
    res.json(admission.answer);
    const seconds = (performance.now() - startedAt) / 1000;
    options.metrics.admitted({ resource, result: admission.result, dryRun: request.dryRun, seconds });
    logAdmission(options.log, resource, request, admission, seconds);
  });
  app.use(`/mutate/${resource}`, refuseBody(refuse));
}

type Refuse = (res: Response, status: number, error: string) => void;

function refuseBody(refuse: Refuse): express.ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    refuse(res, status, bodyErrors[status] ?? 'the body cannot be read');
  };
}

const bodyErrors: Readonly<Record<number, string>> = {
  413: `the body is longer than ${reviewLimit} bytes`,
  415: 'the body is compressed: send it as it is',
};

function readReview(req: Request): { request: AdmissionRequest } | { status: number; error: string } {
  const body: unknown = req.body;
  if (!Buffer.isBuffer(body)) {
    return req.is('application/json') === null
      ? { status: 400, error: 'the body is empty: send an AdmissionReview' }
      : { status: 415, error: 'the content type must be application/json' };
  }
  if (body.length === 0) return { status: 400, error: 'the body is empty: send an AdmissionReview' };
  try {
    const parsed = parseReview(JSON.parse(utf8.decode(body)));
    return 'request' in parsed ? parsed : { status: 400, error: parsed.malformed };
  } catch {
    return { status: 400, error: 'the body is not JSON in UTF-8' };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A bug must not look like a webhook that is down: the API server would tell nobody why. */
async function answer(
  request: AdmissionRequest,
  admit: Admit,
  timeoutMs: number,
  log: Log,
  options: AdmitOptions,
): Promise<Admission> {
  try {
    return await admit(request, timeoutMs, options);
  } catch (error) {
    log.error({ err: error, uid: request.uid, namespace: request.namespace }, 'Could not admit');
    return { answer: internalError(request.uid), result: 'failed', operations: 0, problems: 0 };
  }
}

function internalError(uid: string): AdmissionAnswer {
  return denied(
    uid,
    500,
    'dbt-jobs: the webhook failed on this object; tell the platform team to look at its log',
  );
}

/** Part of what the API server waits, given as ?timeout=5s: https://pkg.go.dev/time#Duration.String */
export function lookUpTimeoutMs(timeout: unknown): number {
  const found = typeof timeout === 'string' ? /^(\d{1,3})s$/.exec(timeout) : null;
  const waitsMs = found === null ? defaultTimeoutMs : Number(found[1]) * 1000;
  return Math.max(waitsMs * lookUpShare, 1);
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 400;
}

function logAdmission(
  log: Log,
  resource: Resource,
  { uid, namespace, name, dryRun }: AdmissionRequest,
  { result, operations, problems, project }: Admission,
  seconds: number,
): void {
  const durationMs = Math.round(seconds * 1e5) / 100;
  const facts = { uid, resource, namespace, name, dryRun, project, result, operations, problems, durationMs };
  if (result === 'unreadable-project') log.warn(facts, 'Could not read DbtProject for admission');
  else log.info(facts, 'Answered admission');
}
