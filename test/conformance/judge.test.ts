import { describe, expect, it } from 'vitest';
import { denial, problems } from '../../contract/problems.ts';
import type { Admission, Stage } from './engines/engine.ts';
import type { Json } from './json.ts';
import type { Seen } from './judge.ts';
import { expectedObject, judge } from './judge.ts';
import { sampleCase } from './sample-case.ts';

const object: Json = {
  kind: 'Pod',
  metadata: { name: 'x', labels: { 'dbt-jobs.io/project': 'shop' } },
  spec: { containers: [{ name: 'dbt', image: 'plan:current' }] },
};
const expected: Json = {
  ...object,
  metadata: { ...(object['metadata'] as Json), annotations: { 'dbt-jobs.io/container': 'dbt' } },
  spec: { containers: [{ name: 'dbt', image: 'shop:1' }] },
};
const mutated = sampleCase({ object, expected });
const problem = problems.noPlan();
const denied = sampleCase({ object, expect: 'denied', problems: [problem] });
const text = denial('shop', 'acme', [problem]);

const admitted = (admittedObject: Json, warnings: readonly string[] = []): Admission => ({
  object: admittedObject,
  warnings,
});
const seen = (stage: Stage, first: Admission, more: Partial<Seen> = {}): Seen => ({
  stage,
  namespace: 'acme',
  comparable: (own) => own,
  sent: object,
  first,
  reference: admitted(expected),
  ...more,
});

describe('an engine that does what the case says', () => {
  const right: Readonly<Record<string, readonly [Parameters<typeof judge>[0], Seen]>> = {
    'mutates as expected': [mutated, seen('server', admitted(expected), { again: admitted(expected) })],
    'denies in the words of the contract': [denied, seen('server', { denied: text, warnings: [] })],
    'hands on, before the backstop, what is to be denied': [
      denied,
      seen('webhook', admitted(expectedObject(denied)), { reference: admitted(expectedObject(denied)) }),
    ],
    'warns of what will be denied': [
      sampleCase({ object, expect: 'warned', problems: [problem], warnings: ['token'] }),
      seen('server', admitted(object, ['token', text]), { reference: admitted(object) }),
    ],
    'leaves a refusal to the API server': [
      sampleCase({ object, expected, refusedByServer: 'exceeded quota' }),
      seen('server', { refused: 'pods "x" is forbidden: exceeded quota: q', warnings: [] }),
    ],
  };
  for (const [sentence, [asked, what]] of Object.entries(right)) {
    it(sentence, () => {
      expect(judge(asked, what)).toEqual([]);
    });
  }
});

describe('an engine is seen', () => {
  const wrong: Readonly<Record<string, readonly [Parameters<typeof judge>[0], Seen, readonly string[]]>> = {
    'to mutate otherwise': [
      mutated,
      seen('server', admitted(object)),
      [
        'metadata.annotations: expected {"dbt-jobs.io/container":"dbt"}, got nothing',
        'spec.containers[0].image: expected "shop:1", got "plan:current"',
      ],
    ],
    'to deny what is to be admitted': [
      mutated,
      seen('server', { denied: text, warnings: [] }),
      [`the denial: expected nothing, got ${JSON.stringify(text).slice(0, 160)}…`],
    ],
    'to admit what is to be denied': [
      denied,
      seen('functions', admitted(expectedObject(denied)), { reference: admitted(expectedObject(denied)) }),
      [`the denial: expected ${JSON.stringify(text).slice(0, 160)}…, got nothing`],
    ],
    'to deny in other words': [
      denied,
      seen('server', { denied: 'dbt-jobs: no', warnings: [] }),
      [`the denial: expected ${JSON.stringify(text).slice(0, 160)}…, got "dbt-jobs: no"`],
    ],
    'to make the API server refuse': [
      mutated,
      seen('server', { refused: 'Pod "x" is invalid', warnings: [] }),
      ['the API server refused it: Pod "x" is invalid'],
    ],
    'to escape the API server’s refusal': [
      sampleCase({ object, expected, refusedByServer: 'exceeded quota' }),
      seen('server', admitted(expected)),
      ['the API server was to refuse it with "exceeded quota", but admitted it'],
    ],
    'to change its own result': [
      mutated,
      seen('server', admitted(expected), { again: admitted(object) }),
      [
        'sent again: metadata.annotations: expected {"dbt-jobs.io/container":"dbt"}, got nothing',
        'sent again: spec.containers[0].image: expected "shop:1", got "plan:current"',
      ],
    ],
    'to deny its own result': [
      mutated,
      seen('server', admitted(expected), { again: { denied: text, warnings: [] } }),
      [`sent again: ${text}`],
    ],
    'to touch the unlabelled twin': [
      mutated,
      seen('server', admitted(expected), {
        twin: { first: admitted(expected), reference: admitted(object) },
      }),
      [
        'its unlabelled twin: object.metadata.annotations: expected nothing, got {"dbt-jobs.io/container":"dbt"}',
        'its unlabelled twin: object.spec.containers[0].image: expected "plan:current", got "shop:1"',
      ],
    ],
    'to lose a field of the user': [
      sampleCase({ object: { ...object, spec: { ...(object['spec'] as Json), hostname: 'h' } }, expected }),
      seen('functions', admitted(expected)),
      ['spec.hostname of the user is lost or changed'],
    ],
    'to lose the canary': [
      mutated,
      seen('functions', admitted(expected), {
        sent: { metadata: { labels: { 'conformance.example.com/canary': 'c' } } },
      }),
      ['a label of the user is gone'],
    ],
    'to keep silent where it is to warn': [
      sampleCase({ object, expect: 'warned', warnings: ['token'] }),
      seen('server', admitted(object), { reference: admitted(object) }),
      ['warning [0]: expected "token", got nothing'],
    ],
    'to warn of nothing': [
      mutated,
      seen('server', admitted(expected, ['token'])),
      ['warning [0]: expected nothing, got "token"'],
    ],
    'to leave nothing to compare with': [
      mutated,
      seen('server', admitted(expected), { reference: { refused: 'forbidden', warnings: [] } }),
      ['there is nothing to compare with: forbidden'],
    ],
  };
  for (const [sentence, [asked, what, faults]] of Object.entries(wrong)) {
    it(sentence, () => {
      expect(judge(asked, what)).toEqual(faults);
    });
  }
});
