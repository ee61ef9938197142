import { z } from 'zod';

/** What a refused request is told: RFC 9457 (application/problem+json), all that is wrong at once. */
export const problem = z.object({
  title: z.string(),
  status: z.number().int(),
  /** What to do about it. */
  detail: z.string().optional(),
  /** Each with the path of the field in the body or the query, as `schedule.cron`. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export type Problem = z.output<typeof problem>;
