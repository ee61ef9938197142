import { z } from 'zod';
import { metadata } from './metadata.ts';

const amounts = z
  .record(z.string(), z.union([z.string(), z.number()]).transform(String))
  .nullish()
  .transform((value) => value ?? {});

const limitRange = z.object({
  metadata,
  spec: z.object({
    limits: z.array(
      z.object({
        type: z.string(),
        max: amounts,
        min: amounts,
        default: amounts,
        maxLimitRequestRatio: amounts,
      }),
    ),
  }),
});

export type LimitRange = z.output<typeof limitRange>;

/** Throws a ZodError for what is no LimitRange. */
export function parseLimitRange(value: unknown): LimitRange {
  return limitRange.parse(value);
}

const resourceQuota = z.object({
  metadata,
  spec: z.object({
    hard: amounts,
    scopes: z
      .array(z.string())
      .nullish()
      .transform((scopes) => scopes ?? []),
    scopeSelector: z.unknown().optional(),
  }),
});

export type ResourceQuota = z.output<typeof resourceQuota>;

/** Throws a ZodError for what is no ResourceQuota. */
export function parseResourceQuota(value: unknown): ResourceQuota {
  return resourceQuota.parse(value);
}
