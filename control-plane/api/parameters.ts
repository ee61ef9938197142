import { z } from 'zod';

/** RFC 1123: what namespaces, DbtProjects and plans are called. */
const label = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
  );

/** What a CronJob may be called. */
const subdomain = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'must be lower-case letters, digits, hyphens and points, and begin and end with a letter or digit',
  );

/** What stands for a part of a path, by its name behind the colon. Nothing else does: a route with another does not compile. */
export const parameters = {
  org: label,
  project: label,
  job: subdomain,
  plan: label,
  /** The UID of the Job or bare Pod. */
  run: z.string().regex(/^[0-9A-Za-z-]{1,128}$/, 'must be the UID of a run'),
  /** `<attempt>.<container>.<execution>` of log.ts. */
  stream: z
    .string()
    .regex(
      /^[0-9A-Za-z-]{1,128}\.[a-z0-9-]{1,63}\.\d{1,9}$/,
      'must be <attempt>.<container>.<execution>, as the list of logs has it',
    ),
} as const;

export type ParameterName = keyof typeof parameters;

/** The names in a path: `'org' | 'job'` of `/organizations/:org/jobs/:job`. */
export type NamesIn<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Name
    : never;

export function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/\/:(\w+)/g)].map(([, name]) => name ?? '');
}
