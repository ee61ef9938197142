import { createHash } from 'node:crypto';
import type { ContextFile } from './build-context.ts';

/** All that decides what an image holds, apart from what package registries serve on the day. */
export interface BuildInputs {
  readonly reference: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly base: string;
  readonly files: readonly ContextFile[];
}

/** Sixteen hex digits that are equal exactly for equal inputs; the order of build arguments does not count. */
export function contentKey(inputs: BuildInputs): string {
  const canonical = JSON.stringify([
    inputs.reference,
    inputs.dockerfile,
    Object.entries(inputs.buildArgs).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    inputs.base,
    inputs.files.map((file) => [file.path, file.executable, file.sha256]),
  ]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}
