import { z } from 'zod';
import { logLine } from './log.ts';
import { node, run, runSummary } from './run.ts';

/**
 * Server-sent events. Each has an `id`; a reader that reconnects sends the last as `Last-Event-ID` and misses nothing:
 * what it did not see comes again as it is now.
 */
export const projectEvents = {
  /** A run is new or has changed. */
  run: runSummary,
} as const;

export const runEvents = {
  run,
  /** Lines of a stream of log.ts, in order. */
  log: z.object({
    stream: z.string(),
    lines: z.array(logLine),
    end: z.enum(['complete', 'incomplete']).optional(),
  }),
  nodes: z.object({
    attempt: z.string(),
    execution: z.number().int(),
    index: z.number().int(),
    nodes: z.array(node),
  }),
} as const;
