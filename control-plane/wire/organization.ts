import { z } from 'zod';
import { engines } from '../../contract/names.ts';

/** Who is asking, as the API server or the trusted proxy says. */
export const identity = z.object({
  user: z.string(),
  groups: z.array(z.string()),
  by: z.enum(['token', 'proxy']),
});

/** Signs in: a token as `kubectl create token` makes it. */
export const newSession = z.strictObject({
  token: z.string().regex(/^[A-Za-z0-9._~+/=-]{1,16384}$/, 'must be a token, without spaces and quotes'),
});

/** A namespace with an engine in charge, in which the user may look at runs. */
export const organization = z.object({
  name: z.string(),
  engine: z.enum(engines),
  /** What the user may do here; the API decides again at each request. */
  may: z.object({
    saveJobs: z.boolean(),
    run: z.boolean(),
    cancel: z.boolean(),
    readLogs: z.boolean(),
    plan: z.boolean(),
    connectSlack: z.boolean(),
  }),
});

/** Whether each part that answers depend on is there; what is not says what still works. */
export const health = z.object({
  apiServer: z.enum(['ok', 'unreachable']),
  database: z.enum(['ok', 'unreachable']),
  /** `silent`: the watcher has told nothing for a while, not even that it lives: runs and logs may be out of date. */
  watcher: z.object({ state: z.enum(['ok', 'silent', 'never']), heardAt: z.iso.datetime().optional() }),
});

export type Identity = z.output<typeof identity>;
export type Organization = z.output<typeof organization>;
export type Health = z.output<typeof health>;
