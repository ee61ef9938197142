import { describe, expect, it } from 'vitest';
import type { EngineRun, Result } from './cross.ts';
import type { Run } from './report.ts';
import { countOf, describeRun, findRed, renderReport } from './report.ts';
import { sampleCase } from './sample-case.ts';

const cases = [
  sampleCase({ name: 'a/one', clauses: ['C1'], sentence: 'A pod | a sentence' }),
  sampleCase({
    name: 'a/two',
    expect: 'denied',
    problems: ['x'],
    clauses: ['C1', 'C2'],
    threats: ['W10', 'S1', 'W9'],
  }),
];
const ran = (engine: EngineRun['engine'], one: Result, two: Result): EngineRun => ({
  engine,
  results: new Map([
    ['a/one', one],
    ['a/two', two],
  ]),
  faults: [],
  seconds: 1.25,
});
const passed: Result = { kind: 'passed' };
const run: Run = {
  cases,
  runs: [
    ran('core', passed, { kind: 'failed', faults: ['spec: expected 1, got 2'] }),
    ran('http', passed, { kind: 'not asked', why: 'no such request' }),
    { engine: 'webhook', results: new Map(), faults: [], seconds: 0, notRun: 'there is no cluster' },
    ran('mutating-admission-policy', passed, { kind: 'failed', faults: ['x'] }),
  ],
  divergences: [
    {
      engine: 'mutating-admission-policy',
      case: 'a/two',
      reason: 'it cannot',
      upstream: 'https://example.com',
    },
  ],
  clauses: new Map([
    ['C1', 'Selection'],
    ['C2', 'Selection'],
    ['C3', 'Selection'],
    ['C26', 'Selection'],
    ['C29', 'Runs'],
  ]),
  server: 'Kubernetes v1.36.3',
};

describe('REPORT.md', () => {
  it('tells of engines, clauses, threats and cases, in tables that are aligned', () => {
    expect(renderReport(run)).toBe(`# Conformance

Written by \`make conformance\`: change nothing here. 2 cases, 4 engines, Kubernetes v1.36.3.

## Engines

| engine                    | passed | failed | diverges | not asked | not run             |
| ------------------------- | ------ | ------ | -------- | --------- | ------------------- |
| core                      | 1      | 1      | 0        | 0         |                     |
| http                      | 1      | 0      | 0        | 1         |                     |
| webhook                   | 0      | 0      | 0        | 0         | there is no cluster |
| mutating-admission-policy | 1      | 0      | 1        | 0         |                     |

## Divergences

| engine                    | case  | reason    | upstream            |
| ------------------------- | ----- | --------- | ------------------- |
| mutating-admission-policy | a/two | it cannot | https://example.com |

## Clauses

Cases that name the clause: those that are admitted, and those that are denied or warned of; or other tests of it.

| clause | accepting | refusing | gap                                 | tested by                                        |
| ------ | --------- | -------- | ----------------------------------- | ------------------------------------------------ |
| C1     | 1         | 1        |                                     |                                                  |
| C2     | 0         | 1        | no accepting case                   |                                                  |
| C3     | 0         | 0        | no accepting case, no refusing case |                                                  |
| C26    | 0         | 0        |                                     | test/e2e/look-ups.test.ts, webhook/admit.test.ts |

## Threats

| id  | cases |
| --- | ----- |
| S1  | a/two |
| W9  | a/two |
| W10 | a/two |

## Cases

\`–\`: the engine is not asked, because such a request never comes to it.

| case  | core   | http | webhook | mutating-admission-policy | what it says                     |
| ----- | ------ | ---- | ------- | ------------------------- | -------------------------------- |
| a/one | ok     | ok   | not run | ok                        | A pod \\| a sentence              |
| a/two | FAILED | –    | not run | diverges                  | A pod gets what its project says |
`);
  });
});

describe('a run is red', () => {
  it('for a case that failed, a divergence that healed and a fault of no case', () => {
    const healed = ran('mutating-admission-policy', passed, passed);
    const leaking = { ...ran('webhook', passed, passed), faults: ['a credential is in a log: audit'] };
    expect(
      findRed({ ...run, runs: [run.runs[0] as EngineRun, healed, leaking] }, { requireAll: false }),
    ).toEqual([
      'core  a/two: spec: expected 1, got 2',
      'mutating-admission-policy  a/two: passes now: take it out of divergences.yaml',
      'webhook: a credential is in a log: audit',
    ]);
  });
  it('for an engine that could not be had only where all are required', () => {
    const [, http, webhook] = run.runs;
    const some = { ...run, runs: [http, webhook] as readonly EngineRun[] };
    expect(findRed(some, { requireAll: false })).toEqual([]);
    expect(findRed(some, { requireAll: true })).toEqual(['webhook: not run: there is no cluster']);
  });
});

describe('an engine that is done', () => {
  it('is told in one line', () => {
    expect(run.runs.map((one) => describeRun(one, cases, run.divergences))).toEqual([
      'core                         1 passed    1 failed  1.3 s',
      'http                         1 passed    0 failed  1 not asked  1.3 s',
      'webhook                   not run: there is no cluster',
      'mutating-admission-policy    1 passed    0 failed  1 diverge  1.3 s',
    ]);
  });
  it('counts a fault of no case as a failure', () => {
    expect(countOf({ ...ran('core', passed, passed), faults: ['x'] }, run).failed).toBe(1);
  });
});
