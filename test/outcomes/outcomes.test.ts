import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { outcomeReasons } from '../../contract/outcome.ts';
import { readCase } from './case.ts';
import { decideCase, differences } from './decide-case.ts';

const cases = join(import.meta.dirname, 'cases');
const names = readdirSync(cases);

describe('the recorded run', () => {
  it.each(names)('%s has the outcome of its outcome.yaml', (name) => {
    const { facts, expected } = readCase(join(cases, name));
    // The text is compared, since undefined fields do not count.
    expect(JSON.parse(JSON.stringify(decideCase(facts)))).toEqual(expected?.value);
  });

  it('is there for each reason that a run can have', () => {
    const reasons = new Set<string | undefined>(
      names.map((name) => decideCase(readCase(join(cases, name)).facts)?.reason),
    );
    const missing = Object.keys(outcomeReasons).filter((reason) => !reasons.has(reason));
    expect(missing).toEqual(['ConfigMapMissing', 'StartTimeout', 'Unknown']);
  });
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A copy of a case with one file replaced, or removed where the text is undefined. */
function broken(from: string, file: string, text: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'dbt-jobs-case-'));
  folders.push(folder);
  cpSync(join(cases, from), folder, { recursive: true });
  if (text === undefined) rmSync(join(folder, file));
  else writeFileSync(join(folder, file), text);
  return folder;
}

const pods = readFileSync(join(cases, 'J20-exit-1-failed-model/pods.yaml'), 'utf8');

const brokenCases: Record<string, readonly [file: string, text: string | undefined, problem: string]> = {
  'YAML that cannot be read': ['job.yaml', 'a: [', 'job.yaml: '],
  'a Job without a uid': ['job.yaml', 'kind: Job\nmetadata: {}\n', 'metadata.uid'],
  'an object of another kind': [
    'pods.yaml',
    '- kind: Node\n',
    'pods.yaml: has a Node; only objects of kind Pod',
  ],
  'two Jobs': ['job.yaml', 'kind: Job\n---\nkind: Job\n', 'job.yaml: has 2 objects; it needs one Job'],
  'pods of another Job': [
    'pods.yaml',
    pods.replaceAll('job-uid', 'other-uid'),
    'pod "nightly-1-abcde" has no ownerReference to the Job of uid "job-uid" as controller',
  ],
  'no list of pods': ['pods.yaml', undefined, 'pods.yaml: is missing; a run without pods has `[]`'],
  'a log of no container': [
    'other.log',
    '',
    'other.log: names no container; allowed are dbt-jobs-git-sync.log, nightly-1-abcde.dbt-jobs-git-sync.log, dbt.log, nightly-1-abcde.dbt.log',
  ],
  'a file that has no meaning': ['jobs.yaml', '', 'jobs.yaml: is no file of a case'],
};

describe('a folder that is no case', () => {
  it.each(Object.entries(brokenCases))('is refused for %s', (_, [file, text, problem]) => {
    expect(() => readCase(broken('J20-exit-1-failed-model', file, text))).toThrow(problem);
  });

  it('is refused with all its problems at once', () => {
    const folder = broken('J20-exit-1-failed-model', 'job.yaml', 'a: [');
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(() => readCase(folder)).toThrow(/job\.yaml: [^]*notes\.txt: /);
  });

  it('is refused where there is neither a Job nor a pod', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dbt-jobs-case-'));
    folders.push(folder);
    expect(() => readCase(folder)).toThrow('job.yaml: is missing, and pods.yaml has no pod');
  });
});

describe('differences', () => {
  it.each([
    ['none where every named field agrees', { result: 'failed' }, { result: 'failed', reason: 'X' }, []],
    [
      'the path and both values of a field',
      { dbt: { a: 1 } },
      { dbt: {} },
      ['outcome.dbt.a is absent, expected 1'],
    ],
    [
      'a verdict where none is expected',
      null,
      { result: 'failed' },
      ['outcome is {"result":"failed"}, expected null'],
    ],
  ])('tells %s', (_, expected, actual, paths) => expect(differences(expected, actual)).toEqual(paths));
});
