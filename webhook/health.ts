import express from 'express';
import type { Express } from 'express';
import type { Metrics } from './metrics.ts';

export interface HealthOptions {
  /** What readiness still waits for, in words; empty when ready. */
  readonly notReady: () => readonly string[];
  readonly metrics: Pick<Metrics, 'read'>;
}

/** Probes and metrics, on a plain port of their own: a flood on the other must not fail them, nor a bad certificate. */
export function createHealthApp({ notReady, metrics }: HealthOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.get('/healthz', (_req, res) => {
    res.type('text').send('ok\n');
  });
  app.get('/readyz', (_req, res) => {
    const waiting = notReady();
    res
      .status(waiting.length === 0 ? 200 : 503)
      .type('text')
      .send(waiting.length === 0 ? 'ok\n' : `not ready: ${waiting.join('; ')}\n`);
  });
  app.get('/metrics', async (_req, res) => {
    const { text, contentType } = await metrics.read();
    res.set('Content-Type', contentType).send(text);
  });
  return app;
}
