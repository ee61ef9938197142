import { z } from 'zod';

/** The logs of a run: one of each container of each attempt, in the order in which they ran. */
export const logStreams = z.object({
  streams: z.array(
    z.object({
      /** `<attempt>.<container>.<execution>`, as the addresses of its lines name it. */
      id: z.string(),
      attempt: z.string(),
      container: z.string(),
      execution: z.number().int(),
      lines: z.number().int(),
      bytes: z.number().int(),
      /** Of the first line at level error, from 0. */
      firstErrorLine: z.number().int().optional(),
      end: z.enum(['complete', 'incomplete']).optional(),
    }),
  ),
});

export const levels = ['debug', 'info', 'warn', 'error'] as const;

/** A line as a person reads it: of dbt's JSON the message, its level and time, else the line itself. */
export const logLine = z.object({
  /** From 0. */
  n: z.number().int(),
  at: z.string(),
  level: z.enum(levels).optional(),
  text: z.string(),
  /** Lines are missing before this one. */
  gap: z.enum(['rotated', 'unreadable', 'spool-full']).optional(),
});

export const logRange = z.object({
  lines: z.array(logLine),
  /** Of the stream by now. */
  total: z.number().int(),
});

export const logQuery = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});

export const logSearchQuery = z.strictObject({ text: z.string().min(1).max(256) });
/** Numbers of the lines that hold the text, whatever its case; the first 10,000. */
export const logMatches = z.object({ matches: z.array(z.number().int()), total: z.number().int() });

export type LogStreams = z.output<typeof logStreams>;
export type LogLine = z.output<typeof logLine>;
export type LogRange = z.output<typeof logRange>;
export type LogMatches = z.output<typeof logMatches>;
