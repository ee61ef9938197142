import { readFileSync } from 'node:fs';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parseDbtProject } from '../contract/dbt-project.ts';
import { projectOfTests } from './kyverno-expected.ts';
import type { Row } from './kyverno-test.ts';
import { faultsOf, flavours, readSuite, rowsOf, withoutMatchConditions } from './kyverno-test.ts';

const textOf = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const resourceNames = (file: string): string[] =>
  loadAll(textOf(file)).map((object) => {
    const { metadata } = object as { metadata: { namespace: string; name: string } };
    return `${metadata.namespace}/${metadata.name}`;
  });

const passed: Row = {
  POLICY: 'dbt-jobs',
  RESOURCE: 'v1/Pod/acme/least',
  RESULT: 'Pass',
  REASON: 'Ok',
  Message: 'success',
};

describe('what the CLI says', () => {
  it('is read as rows, whatever stands around them', () => {
    const said = `Loading test  ( kyverno-test.yaml ) ...\n  Checking results ...\n\n${JSON.stringify([{ ID: 1, RULE: '', ...passed }], undefined, 2)}\n\n\nTest Summary: 1 tests passed and 0 tests failed\n`;
    expect(rowsOf(said)).toEqual([passed]);
  });
  it('is an error where it has no rows', () => {
    expect(() => rowsOf('Loading test ...\npanic: nil pointer')).toThrow(
      'kyverno test gave no results:\nLoading test ...\npanic: nil pointer',
    );
  });
});

describe('a suite', () => {
  const wanted = (result: 'pass' | 'skip') => ({
    results: [{ policy: 'dbt-jobs', resources: ['acme/least'], result }],
  });
  const cases: Record<string, [readonly Row[], 'pass' | 'skip', readonly string[]]> = {
    'passes where the rule gave what was expected': [[passed], 'pass', []],
    'fails where nothing was tried': [[], 'pass', ['dbt-jobs on acme/least: not tried']],
    'fails where another policy was tried': [
      [{ ...passed, POLICY: 'dbt-jobs-job' }],
      'pass',
      ['dbt-jobs on acme/least: not tried'],
    ],
    'fails where no rule was applied, which the CLI calls a pass': [
      [{ ...passed, REASON: 'Excluded' }],
      'pass',
      ['dbt-jobs on acme/least: no rule was applied (Excluded)'],
    ],
    'fails where the CLI skipped the policy as invalid': [
      [{ ...passed, RESULT: 'Skip', REASON: 'Invalid Policy', Message: 'spec: Invalid value' }],
      'pass',
      ['dbt-jobs on acme/least: Invalid Policy: spec: Invalid value'],
    ],
    'fails where the resource differs': [
      [{ ...passed, RESULT: 'Fail', REASON: 'Resource diff', Message: 'differs\nobject: {}' }],
      'skip',
      ['dbt-jobs on acme/least: Resource diff: differs'],
    ],
    'passes where what is not ours was left alone': [[{ ...passed, REASON: 'Excluded' }], 'skip', []],
  };
  it.each(Object.entries(cases))('%s', (_name, [rows, result, faults]) => {
    expect(faultsOf(rows, wanted(result))).toEqual(faults);
  });
});

describe('the suites of both flavours', () => {
  const triedBy = (flavour: (typeof flavours)[number]): string[] =>
    readSuite(flavour)
      .results.flatMap(({ policy, resources }) => resources.map((resource) => `${policy} ${resource}`))
      .sort();
  it('try the same resources, and every one there is', () => {
    expect(triedBy('cluster-policy')).toEqual(triedBy('mutating-policy'));
    const tried = triedBy('mutating-policy').map((line) => line.split(' ')[1]);
    const all = ['resources.yaml', 'copied.yaml'].flatMap((file) =>
      resourceNames(`mutating-policy/test/${file}`),
    );
    expect(tried.sort()).toEqual(all.sort());
  });
  it('read the same project', () => {
    const suite = load(textOf('cluster-policy/test/kyverno-test.yaml')) as {
      apiCallResponses: [{ response: { body: { items: [unknown] } } }];
    };
    expect(parseDbtProject(suite.apiCallResponses[0].response.body.items[0])).toEqual(projectOfTests());
  });
});

describe('the copy that the CLI can read', () => {
  it('is the ClusterPolicy without matchConditions and nothing else', () => {
    const text = textOf('cluster-policy/dbt-jobs.yaml');
    const withThem = loadAll(text) as { spec: { webhookConfiguration: { matchConditions?: unknown } } }[];
    expect(withThem.map(({ spec }) => spec.webhookConfiguration.matchConditions)).not.toContain(undefined);
    for (const { spec } of withThem) delete spec.webhookConfiguration.matchConditions;
    expect(loadAll(withoutMatchConditions(text))).toEqual(withThem);
  });
});
