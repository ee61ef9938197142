import { labels } from '../../contract/names.ts';
import type { Json } from './json.ts';
import { changeAt, without } from './json.ts';
import { podPath } from './projects-of-case.ts';
import type { Case } from './read-cases.ts';

/** The same object of somebody who knows nothing of dbt Jobs: nobody may touch it. */
export function unlabelled(asked: Case, object: Json): Json {
  return [
    ['metadata', 'labels'],
    [...podPath[asked.kind], 'metadata', 'labels'],
  ].reduce((twin, path) => changeAt(twin, path, (found) => without(found, labels.project)), object);
}
