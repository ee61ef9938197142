import { resolve } from 'node:path';
import { engineNames } from './engines/engine.ts';
import type { EngineName } from './engines/engine.ts';

/** What the environment says of a conformance run. */
export interface Config {
  /** Folder of the cases. */
  readonly cases: string;
  readonly engines: readonly EngineName[];
  /** An engine that cannot be had fails the run. */
  readonly requireAll: boolean;
  /** Logs beside those of pods that are searched for canaries: of an API server, of processes outside a cluster. */
  readonly logFiles: readonly string[];
}

export const ownCases = new URL('cases/', import.meta.url).pathname;

/** @throws naming each variable that is wrong, and what it may be. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = (name: string): string => environment[name]?.trim() ?? '';
  const list = (name: string): readonly string[] =>
    given(name)
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  const unknown = list('ENGINES').filter((name) => !engineNames.some((known) => known === name));
  const required = given('CONFORMANCE_REQUIRE');
  const wrong = [
    ...(unknown.length > 0
      ? [`ENGINES: there is no engine ${unknown.join(', ')}: name some of ${engineNames.join(', ')}`]
      : []),
    ...(required !== '' && required !== 'all'
      ? [`CONFORMANCE_REQUIRE: "${required}": set it to "all" or not at all`]
      : []),
  ];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return {
    cases: given('CASES') === '' ? ownCases : resolve(given('CASES')),
    engines:
      list('ENGINES').length === 0
        ? engineNames
        : engineNames.filter((name) => list('ENGINES').includes(name)),
    requireAll: required === 'all',
    logFiles: list('CONFORMANCE_LOGS'),
  };
}
