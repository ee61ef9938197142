import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../api/refusal.ts';
import type { JobSettings } from '../wire/job.ts';

/** Values longer than this say only that they differ. */
const shownLength = 120;

/** What a job says by now where a change would say otherwise: for who finds that somebody was faster. */
export function changedFields(now: JobSettings, wanted: JobSettings): readonly FieldError[] {
  return differences(now, wanted, 'settings');
}

function differences(now: unknown, wanted: unknown, field: string): readonly FieldError[] {
  if (isDeepStrictEqual(now, wanted)) return [];
  if (!isRecord(now) || !isRecord(wanted)) return [{ field, message: `is ${told(now)} by now` }];
  return [...new Set([...Object.keys(now), ...Object.keys(wanted)])].flatMap((key) =>
    differences(now[key], wanted[key], `${field}.${key}`),
  );
}

function told(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = JSON.stringify(value);
  return text.length > shownLength ? 'another' : text;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
