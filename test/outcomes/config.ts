import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** `DBT`: the dbt to record with, one that has the DuckDB adapter. `RECORDINGS`: where to. `SCENARIOS`: some only, by commas. */
export function recordSettings(env: NodeJS.ProcessEnv = process.env) {
  return {
    dbt: env['DBT'] ?? 'dbt',
    only: env['SCENARIOS']?.split(','),
    folder: env['RECORDINGS'] ?? join(root, 'watcher/dbt/testdata'),
  };
}

/** `CASES`: the folder of recorded cases, or one case. */
export function casesFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['CASES'] ?? join(import.meta.dirname, 'cases'));
}
