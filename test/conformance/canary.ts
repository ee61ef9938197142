import { createHash } from 'node:crypto';
import type { Json } from './json.ts';
import { changeAt, fieldsAt, without } from './json.ts';
import { podPath } from './projects-of-case.ts';
import type { Case } from './read-cases.ts';

/**
 * A value that no log may hold. It goes with each object as one more label, where labels are already: an object without
 * any must be sent without any. The warehouse's Secrets on a server hold `secretCanary`.
 */
const canaryLabel = 'conformance.example.com/canary';

export const secretCanary = 'canary-of-a-secret-9d1f6c';

/** Different for each case, so that a log tells which one it is of. */
export function canaryOf({ name }: Case): string {
  return `canary-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
}

export function withCanary(asked: Case, object: Json): Json {
  return changeAt(object, [...podPath[asked.kind], 'metadata', 'labels'], (labels) => ({
    ...labels,
    [canaryLabel]: canaryOf(asked),
  }));
}

export function withoutCanary(asked: Case, object: Json): Json {
  return changeAt(object, [...podPath[asked.kind], 'metadata', 'labels'], (labels) =>
    without(labels, canaryLabel),
  );
}

/** Whether the canary that was sent is still there: it is a label of the user's. */
export function keepsCanary(asked: Case, sent: Json, result: Json): boolean {
  const canary = (object: Json): unknown =>
    fieldsAt(object, ...podPath[asked.kind], 'metadata', 'labels')[canaryLabel];
  return canary(sent) === canary(result);
}
