import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { z } from 'zod';
import { coreFiles, longFiles, restFiles } from '../tier-files.ts';
import { readTitles } from './read-titles.ts';

/** A test, or a recorded case, that carries an id. */
export interface Proof {
  readonly id: string;
  /** Where it runs: `unit` with every check, the others on a cluster. */
  readonly tier: 'unit' | 'core' | 'rest' | 'long';
  /** `file:line`, or the folder of a case. */
  readonly place: string;
  readonly title: string;
}

const root = new URL('../../', import.meta.url);

/** Every id that a title of the repository carries, in the order of the ids. */
export function findProofs(): Proof[] {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).split('\0');
  const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8');
  return files
    .flatMap((file) => {
      if (file.endsWith('.test.ts')) return ofTests(file, textOf(file));
      if (file.endsWith('/case.yaml')) return ofConformanceCase(file, textOf(file));
      return file.endsWith('/outcome.yaml') ? ofOutcomeCase(file) : [];
    })
    .toSorted((a, b) => compareIds(a.id, b.id));
}

function ofTests(file: string, source: string): Proof[] {
  return readTitles(file, source).flatMap(({ ids, text, line }) =>
    ids.map((id) => ({ id, tier: tierOf(file), place: `${file}:${line}`, title: text })),
  );
}

const conformanceCase = z.object({ sentence: z.string(), threats: z.array(z.string()).default([]) });
const conformanceTest = 'test/conformance/conformance.test.ts';

function ofConformanceCase(file: string, source: string): Proof[] {
  const { sentence, threats } = conformanceCase.parse(load(source));
  const place = file.replace(/\/case\.yaml$/, '');
  return threats.map((id) => ({ id, tier: tierOf(conformanceTest), place, title: sentence }));
}

/** A recorded run is named `<id>-<words>`. */
function ofOutcomeCase(file: string): Proof[] {
  const [, place = '', id, words = ''] = /^(.*\/([A-Z]\d{1,2})-([^/]+))\/outcome\.yaml$/.exec(file) ?? [];
  return id === undefined ? [] : [{ id, tier: 'unit', place, title: words.replaceAll('-', ' ') }];
}

function tierOf(file: string): Proof['tier'] {
  const has = (files: readonly string[]): boolean => files.some((one) => file.startsWith(one));
  if (has(coreFiles)) return 'core';
  if (has(restFiles)) return 'rest';
  return has(longFiles) ? 'long' : 'unit';
}

/** J2 before J10. */
export function compareIds(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** What each id of ids.yaml says can go wrong. */
export function readIds(): Map<string, string> {
  const text = readFileSync(new URL('ids.yaml', import.meta.url), 'utf8');
  return new Map(Object.entries(z.record(z.string(), z.string()).parse(load(text))));
}
