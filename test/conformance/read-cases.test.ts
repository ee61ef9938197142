import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokenCases, readCases, readClauses } from './read-cases.ts';

const clauses = new Set(['C1', 'C12']);
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conformance-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

const uid = '5f0c1a52-7d0e-4c7b-9a43-2b1f6f1d0a01';
const whole = {
  'case.yaml':
    'sentence: A pod gets what its project says\nexpect: mutated\nclauses: [C1]\nthreats: [S1]\ndryRun: false\n',
  'project.yaml': `apiVersion: dbt-jobs.io/v1alpha1
kind: DbtProject
metadata: { name: shop, uid: ${uid} }
spec:
  repository: { url: https://git.example.com/shop.git }
  resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }
status: { plans: [{ id: one, image: 'shop:1', commit: abc, phase: Promoted, createdAt: 2026-01-01T00:00:00Z }] }
`,
  'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [] }\n',
  'expected.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [], volumes: [] }\n',
};
type Files = Readonly<Record<string, string | undefined>>;

/** A case in a folder: the whole one with `changes`; undefined leaves a file out. */
function folder(name: string, changes: Files = {}): void {
  const files: Files = { ...whole, ...changes };
  for (const [file, text] of Object.entries(files))
    if (text !== undefined) write({ [`${name}/${file}`]: text });
}

const caseFile = (more: string): string =>
  `sentence: A pod gets what its project says\nclauses: [C1]\n${more}\n`;

function faults(): readonly string[] {
  try {
    readCases(root, clauses);
    return [];
  } catch (error) {
    if (!(error instanceof BrokenCases)) throw error;
    return error.broken.map(({ path, reason }) => `${path.slice(root.length + 1)}: ${reason}`);
  }
}

describe('a folder of cases', () => {
  it('is read with its groups, in order, objects and all', () => {
    folder('b/second');
    folder('a/first', {
      'expected.yaml': undefined,
      'case.yaml': caseFile('expect: untouched'),
      'objects.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { labels: { a: b, c: null } }\n',
    });
    const [first, second] = readCases(root, clauses);
    expect(first).toEqual({
      name: 'a/first',
      folder: join(root, 'a/first'),
      sentence: 'A pod gets what its project says',
      expect: 'untouched',
      problems: [],
      warnings: [],
      clauses: ['C1'],
      threats: [],
      dryRun: true,
      kind: 'Pod',
      object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { containers: [] } },
      project: expect.objectContaining({ kind: 'DbtProject' }) as unknown,
      around: { namespaceLabels: { a: 'b', c: null }, projects: [], neighbours: [], limits: [] },
    });
    expect([second?.name, second?.threats, second?.dryRun]).toEqual(['b/second', ['S1'], false]);
    expect(second?.expected).toEqual({ ...first?.object, spec: { containers: [], volumes: [] } });
  });

  it('may be one case by itself', () => {
    folder('.');
    expect(readCases(root, clauses).map(({ name }) => name)).toEqual([root.split('/').at(-1)]);
  });

  it('is read without expected.yaml where that is about to be written', () => {
    folder('a', { 'expected.yaml': undefined });
    expect(readCases(root, clauses, 'without expected.yaml').map(({ name }) => name)).toEqual(['a']);
  });
});

describe('a folder is broken', () => {
  const broken: Readonly<Record<string, readonly [Files, ...string[]]>> = {
    'without case.yaml': [{ 'case.yaml': undefined }, 'a/case.yaml: is missing'],
    'without project.yaml': [{ 'project.yaml': undefined }, 'a/project.yaml: is missing'],
    'without an object': [{ 'pod.yaml': undefined }, 'a/pod.yaml: is missing, and so is job.yaml'],
    'without expected.yaml of a mutated case': [
      { 'expected.yaml': undefined },
      'a/expected.yaml: is missing: "node test/conformance/main.ts accept" writes it',
    ],
    'with a file that nobody reads': [
      { 'notes.md': 'x' },
      'a/notes.md: is not used: a case has case.yaml, project.yaml, pod.yaml, job.yaml, expected.yaml, objects.yaml, update.yaml',
    ],
    'with two objects': [
      { 'job.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata: { name: x }\nspec: {}\n' },
      'a/job.yaml: is not used: pod.yaml is there too',
    ],
    'with an expectation that is not used': [
      { 'case.yaml': caseFile('expect: untouched') },
      'a/expected.yaml: is not used: the rule says what becomes of the object',
    ],
    'with an expectation that expects nothing': [
      { 'expected.yaml': whole['pod.yaml'] },
      'a/expected.yaml: is the object as it was sent: leave it out, with expect: untouched or warned',
    ],
    'with a key that is not known': [
      { 'case.yaml': caseFile('expect: mutated\nreason: because') },
      'a/case.yaml: the file: Unrecognized key: "reason"',
    ],
    'with an expectation that is not known': [
      { 'case.yaml': caseFile('expect: changed') },
      'a/case.yaml: expect: Invalid option: expected one of "mutated"|"untouched"|"denied"|"warned"',
    ],
    'with a denial that says no problem': [
      { 'case.yaml': caseFile('expect: denied'), 'expected.yaml': undefined },
      'a/case.yaml: problems: is required with expect: denied',
    ],
    'with a problem that nobody is told': [
      { 'case.yaml': caseFile('expect: mutated\nproblems: [x]') },
      'a/case.yaml: problems: is for expect: denied or warned, not mutated',
    ],
    'with a clause that is not in the contract': [
      { 'case.yaml': whole['case.yaml'].replace('[C1]', '[C99]') },
      'a/case.yaml: clauses: C99 is not in contract/README.md',
    ],
    'with an update that an engine would change': [
      { 'update.yaml': 'metadata: {}' },
      'a/expected.yaml: is not used: the rule says what becomes of the object',
      'a/update.yaml: is for expect: untouched or warned: no engine changes or denies an UPDATE',
    ],
    'with a subresource of a CREATE': [
      { 'case.yaml': caseFile('expect: mutated\nsubresource: status') },
      'a/case.yaml: subresource: needs update.yaml',
    ],
    'with what is no YAML': [
      { 'pod.yaml': 'a: [' },
      'a/pod.yaml: is not YAML: unexpected end of the stream within a flow collection (1:5)',
    ],
    'with two documents where one is read': [
      { 'pod.yaml': `${whole['pod.yaml']}---\na: b\n` },
      'a/pod.yaml: must be one YAML object',
    ],
    'with a pod that names a namespace': [
      { 'pod.yaml': whole['pod.yaml'].replace('name: x', 'name: x, namespace: acme') },
      'a/pod.yaml: must be a Pod of v1 with either a name or a generateName, and without a namespace',
    ],
    'with a project without the UID that marks its pods': [
      { 'project.yaml': whole['project.yaml'].replace(`, uid: ${uid}`, '') },
      'a/project.yaml: metadata.uid: must be a UID: it is the mark of the pods',
    ],
    'with a project that the CRD would refuse': [
      { 'project.yaml': whole['project.yaml'].replace('url:', 'address:') },
      'a/project.yaml: not a DbtProject: ✖ Invalid input: expected string, received undefined   → at spec.repository.url',
    ],
    'with an object around it that no case may have': [
      { 'objects.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: x }\n' },
      "a/objects.yaml: object 1: kind: Invalid discriminator value. Expected 'Namespace' | 'LimitRange' | 'ResourceQuota' | 'DbtProject'",
    ],
  };
  for (const [sentence, [files, ...expected]] of Object.entries(broken)) {
    it(sentence, () => {
      folder('a', files);
      expect(faults()).toEqual(expected);
    });
  }

  it('with the name of another, in whatever group', () => {
    folder('a/same');
    folder('b/same');
    expect(faults()).toEqual([`b/same: the name "same" is taken twice: by ${root}/a/same too`]);
  });

  it('with a folder in it', () => {
    folder('a');
    folder('a/inner');
    expect(faults()).toEqual(['a/inner: is not used: a case has no folders in it']);
  });

  it('and every other broken one is told at the same time, with the path', () => {
    folder('a/one', { 'case.yaml': undefined, 'x.txt': '' });
    folder('b/two', { 'project.yaml': undefined });
    folder('c/three');
    mkdirSync(join(root, 'd'));
    expect(faults().map((line) => line.split(':')[0])).toEqual([
      'd',
      'a/one/x.txt',
      'a/one/case.yaml',
      'b/two/project.yaml',
    ]);
    expect(() => readCases(root, clauses)).toThrow(
      /^4 thing\(s\) wrong with the cases:\n {2}.*\/d: is empty\n[^]*nothing was run$/,
    );
  });

  it('that is not there, or empty', () => {
    expect(faults()).toEqual([': is empty']);
    expect(() => readCases(join(root, 'nowhere'), clauses)).toThrow('cannot be read: name a folder of cases');
  });
});

describe('the clauses', () => {
  it('are those of the contract, by their section', () => {
    const text =
      '# The contract\n## Selection\n- **C1** A Pod\n- **C2** Labels, as C1 says\n\n## Jobs\n- **C20** On';
    expect([...readClauses(text)]).toEqual([
      ['C1', 'Selection'],
      ['C2', 'Selection'],
      ['C20', 'Jobs'],
    ]);
  });
});
