import { load } from 'js-yaml';
import { z } from 'zod';
import type { EngineRun, Result } from './cross.ts';
import { engineNames } from './engines/engine.ts';
import type { Broken } from './read-cases.ts';

const divergence = z.strictObject({
  engine: z.enum(engineNames),
  /** Name of the case, with its group. */
  case: z.string(),
  reason: z.string().min(10),
  /** Where its maker says so: issue, proposal or documentation. */
  upstream: z.string().min(10),
});
export type Divergence = z.output<typeof divergence>;

/** Every divergence, and what is wrong with the file: an entry that fits no case would hide nothing and stay for ever. */
export function parseDivergences(
  text: string,
  path: string,
  known: ReadonlySet<string>,
): { readonly divergences: readonly Divergence[]; readonly broken: readonly Broken[] } {
  const parsed = z.array(divergence).safeParse(load(text) ?? []);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
    return { divergences: [], broken: reasons.map((reason) => ({ path, reason })) };
  }
  const unknown = parsed.data.filter((one) => !known.has(one.case));
  return {
    divergences: parsed.data,
    broken: unknown.map((one) => ({ path, reason: `there is no case ${one.case}` })),
  };
}

/** How a result counts once the divergences are known. */
export type Verdict =
  Result | { readonly kind: 'diverged'; readonly reason: string } | { readonly kind: 'healed' };

/** A divergence is an expected failure: one that passes must leave the file, so it counts as red. */
export function verdictOf(
  run: EngineRun,
  name: string,
  divergences: readonly Divergence[],
): Verdict | undefined {
  const result = run.results.get(name);
  const expected = divergences.find((one) => one.engine === run.engine && one.case === name);
  if (result === undefined || expected === undefined) return result;
  switch (result.kind) {
    case 'failed':
      return { kind: 'diverged', reason: expected.reason };
    case 'passed':
      return { kind: 'healed' };
    case 'not asked':
      return result;
  }
}
