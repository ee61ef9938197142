import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Break } from './break.ts';
import { parseBreak } from './break.ts';

const folder = new URL('.', import.meta.url).pathname;

/**
 * Every patch, in the order of its path.
 *
 * @throws naming each patch that cannot be used
 */
export function readBreaks(): readonly Break[] {
  const wrong: string[] = [];
  const read = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .sort()
    .flatMap((path) => {
      try {
        return [parseBreak(path, readFileSync(join(folder, path), 'utf8'))];
      } catch (error) {
        wrong.push(error instanceof Error ? error.message : String(error));
        return [];
      }
    });
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return read;
}
