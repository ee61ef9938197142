import type { z } from 'zod';
import type { Problem } from '../wire/problem.ts';

/** Thrown where a request cannot be answered; the server says it as a problem (RFC 9457). Holds nothing that is secret. */
export class Refusal extends Error {
  readonly problem: Problem;
  /** Such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}, cause?: unknown) {
    super(problem.title, { cause });
    this.name = 'Refusal';
    this.problem = problem;
    this.headers = headers;
  }
}

export function notFound(what: string): Refusal {
  return new Refusal({ status: 404, title: `${what} is not here` });
}

/** Somebody changed it first, or it cannot be done in the state that it is in. */
export function conflict(title: string, detail: string): Refusal {
  return new Refusal({ status: 409, title, detail });
}

export interface FieldError {
  /** As `settings.schedule.cron`; empty for the whole. */
  readonly field: string;
  readonly message: string;
}

/** The request is understood and not allowed: each field that is wrong, at once. */
export function invalid(errors: readonly FieldError[]): Refusal {
  const title = errors.length === 1 ? 'One field is wrong' : `${errors.length} fields are wrong`;
  return new Refusal({ status: 400, title, errors: [...errors] });
}

/** `names[2].first` for `['names', 2, 'first']`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}

/** An unknown key is told at its own path: that is where the reader looks for it. */
export function fieldErrors(error: z.ZodError): readonly FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        field: fieldPath([...issue.path, key]),
        message: 'is not a field here',
      }));
    return [{ field: fieldPath(issue.path), message: issue.message }];
  });
}
