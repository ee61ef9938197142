import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { differences } from './difference.ts';
import { coreEngine } from './engines/core.ts';
import type { Json } from './json.ts';
import type { Case } from './read-cases.ts';
import { readCases } from './read-cases.ts';

/**
 * Writes expected.yaml of every case that is mutated, from the pure functions alone: no other engine ever decides what is
 * right. Returns a line for each file that changed, to be read against the contract before it is committed.
 */
export async function accept(folder: string, clauses: ReadonlySet<string>): Promise<readonly string[]> {
  const cases = readCases(folder, clauses, 'without expected.yaml');
  const lines = await Promise.all(cases.filter(isMutated).map(acceptCase));
  return lines.flat();
}

/** A warned object may be left as it is: then the case has no file. */
function isMutated({ expect, update, expected, around }: Case): boolean {
  if (update !== undefined || around.namespaceLabels['dbt-jobs.io/engine'] === null) return false;
  return expect === 'mutated' || expect === 'warned' || expected !== undefined;
}

async function acceptCase(asked: Case): Promise<readonly string[]> {
  const { object = {}, denied } = await coreEngine().admit(asked, asked.object, 'dry run');
  if (denied !== undefined) return [`${asked.name}: is denied, nothing written: ${denied}`];
  const changed = differences(asked.expected, object);
  if (changed.length === 0 || differences(asked.object, object).length === 0) return [];
  writeFileSync(
    join(asked.folder, 'expected.yaml'),
    dump(orderedLike(asked.object, object), { lineWidth: 120 }),
  );
  return [`${asked.name}: ${asked.expected === undefined ? 'written' : changed.join('; ')}`];
}

/** Fields of the user's first and in their order, so that what was added can be seen. */
function orderedLike(model: Json, value: Json): Json {
  const names = [
    ...Object.keys(model).filter((name) => name in value),
    ...Object.keys(value).filter((name) => !(name in model)),
  ];
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}
