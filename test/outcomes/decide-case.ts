import type { Outcome } from '../../contract/outcome.ts';
import { decideOutcome, decideStartTimeout } from '../../watcher/decide/outcome.ts';
import type { RunFacts } from '../../watcher/decide/run-facts.ts';
import { shownOutcome } from '../../watcher/report/shown.ts';

/** The default of spec.startTimeoutSeconds: a case has no DbtProject. */
const startTimeoutSeconds = 900;

/** What the watcher reports of the run; null while it is not over and nothing keeps dbt from starting. */
export function decideCase(facts: RunFacts): Outcome | null {
  const outcome = decideOutcome(facts) ?? decideStartTimeout(facts, startTimeoutSeconds);
  return outcome === undefined ? null : shownOutcome(outcome);
}

/** The fields that `expected` names and `actual` has otherwise, as paths; none where they agree. */
export function differences(expected: unknown, actual: unknown, path = 'outcome'): string[] {
  if (!isRecord(expected) || !isRecord(actual)) {
    return JSON.stringify(expected) === JSON.stringify(actual)
      ? []
      : [`${path} is ${shown(actual)}, expected ${shown(expected)}`];
  }
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(value, actual[key], `${path}.${key}`),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
