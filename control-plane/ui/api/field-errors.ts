import { Refusal } from './refusal.ts';

/** What the API says of each field, by the path it names; the first of several. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Refusal)) return {};
  const errors = (error.problem.errors ?? []).map(({ field, message }) => [field, message] as const);
  return Object.fromEntries(errors.toReversed());
}
