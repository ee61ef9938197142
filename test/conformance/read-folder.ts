import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import { parseDbtProject } from '../../contract/dbt-project.ts';
import { parseCaseFile } from './case-file.ts';
import { differences } from './difference.ts';
import type { Json } from './json.ts';
import { isJson } from './json.ts';
import type { Broken, Case, Completeness, Kind } from './read-cases.ts';
import type { Surroundings } from './surroundings.ts';
import { noSurroundings, parseSurroundings, projectFile } from './surroundings.ts';

const files = [
  'case.yaml',
  'project.yaml',
  'pod.yaml',
  'job.yaml',
  'expected.yaml',
  'objects.yaml',
  'update.yaml',
];

export interface Place {
  readonly root: string;
  readonly folder: string;
  readonly clauses: ReadonlySet<string>;
  readonly want: Completeness;
}

/** Notes what is wrong with a file, each reason by itself. */
type Wrong = (file: string, ...reasons: readonly string[]) => void;

/** The case in a folder, or everything that is wrong with its files. */
export function readFolder(place: Place): {
  readonly found: readonly Case[];
  readonly broken: readonly Broken[];
} {
  const { folder } = place;
  const broken: Broken[] = [];
  const wrong: Wrong = (file, ...reasons) => {
    for (const reason of reasons) broken.push({ path: join(folder, file), reason });
  };
  const entries = readdirSync(folder, { withFileTypes: true });
  const present = entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  findStrangers(present, wrong);
  const documents = new Map<string, readonly unknown[]>();
  for (const file of present.filter((name) => files.includes(name))) {
    const read = readDocuments(join(folder, file));
    if ('wrong' in read) wrong(file, read.wrong);
    else documents.set(file, read.documents);
  }
  const made = assemble(place, documents, wrong);
  if (made !== undefined) findContradictions(made, place, documents, wrong);
  return { found: made === undefined || broken.length > 0 ? [] : [made], broken };
}

function findStrangers(present: readonly string[], wrong: Wrong): void {
  for (const file of present)
    if (!files.includes(file)) wrong(file, `is not used: a case has ${files.join(', ')}`);
  for (const file of ['case.yaml', 'project.yaml']) if (!present.includes(file)) wrong(file, 'is missing');
  const objects = ['pod.yaml', 'job.yaml'].filter((file) => present.includes(file));
  if (objects.length === 0) wrong('pod.yaml', 'is missing, and so is job.yaml');
  if (objects.length === 2) wrong('job.yaml', 'is not used: pod.yaml is there too');
}

type Documents = ReadonlyMap<string, readonly unknown[]>;

function assemble({ root, folder }: Place, documents: Documents, wrong: Wrong): Case | undefined {
  const one = (file: string): Json | undefined => {
    const found = documents.get(file);
    if (found === undefined) return undefined;
    if (found.length === 1 && isJson(found[0])) return found[0];
    wrong(file, 'must be one YAML object');
    return undefined;
  };
  const read = { case: one('case.yaml'), project: one('project.yaml'), around: readAround(documents, wrong) };
  const parsed = read.case === undefined ? { wrong: [] } : parseCaseFile(read.case);
  if ('wrong' in parsed) wrong('case.yaml', ...parsed.wrong);
  if (read.project !== undefined) wrong('project.yaml', ...findProjectFaults(read.project));
  const submitted = readSubmitted(documents.has('pod.yaml') ? 'pod.yaml' : 'job.yaml', one, wrong);
  const expected = one('expected.yaml');
  const update = one('update.yaml');
  if (!('file' in parsed) || read.project === undefined || submitted === undefined) return undefined;
  return {
    ...parsed.file,
    ...submitted,
    name: relative(root, folder) || basename(folder),
    folder,
    project: read.project,
    around: read.around,
    ...(expected === undefined ? {} : { expected }),
    ...(update === undefined ? {} : { update }),
  };
}

const metadata = z
  .looseObject({
    name: z.string().optional(),
    generateName: z.string().optional(),
    namespace: z.undefined().optional(),
  })
  .refine(({ name, generateName }) => (name === undefined) !== (generateName === undefined));
const spec = z.looseObject({});
const pod = z.looseObject({ apiVersion: z.literal('v1'), kind: z.literal('Pod'), metadata, spec });
const job = z.looseObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.enum(['Job', 'CronJob']),
  metadata,
  spec,
});

function readSubmitted(
  file: 'pod.yaml' | 'job.yaml',
  one: (file: string) => Json | undefined,
  wrong: Wrong,
): { readonly object: Json; readonly kind: Kind } | undefined {
  const object = one(file);
  if (object === undefined) return undefined;
  const parsed = file === 'pod.yaml' ? pod.safeParse(object) : job.safeParse(object);
  if (parsed.success) return { object, kind: parsed.data.kind };
  const kind = file === 'pod.yaml' ? 'a Pod of v1' : 'a Job or a CronJob of batch/v1';
  wrong(file, `must be ${kind} with either a name or a generateName, and without a namespace`);
  return undefined;
}

function readAround(documents: Documents, wrong: Wrong): Surroundings {
  const found = documents.get('objects.yaml');
  if (found === undefined) return noSurroundings;
  const parsed = parseSurroundings(found);
  if ('surroundings' in parsed) return parsed.surroundings;
  wrong('objects.yaml', ...parsed.wrong);
  return noSurroundings;
}

function findProjectFaults(value: Json): readonly string[] {
  const parsed = projectFile.safeParse(value);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  try {
    parseDbtProject({ ...parsed.data, metadata: { ...parsed.data.metadata, namespace: 'any' } });
    return [];
  } catch (error) {
    return [firstLineOf(error)];
  }
}

/** What a file says that another file, or the contract, contradicts. */
function findContradictions(
  { expect, object, expected, update, subresource, refusedByServer, clauses: named }: Case,
  { clauses, want }: Place,
  documents: Documents,
  wrong: Wrong,
): void {
  const stays = expect === 'untouched' || expect === 'denied' || update !== undefined;
  if (expect === 'mutated' && expected === undefined && want === 'complete')
    wrong('expected.yaml', 'is missing: "node test/conformance/main.ts accept" writes it');
  if (stays && documents.has('expected.yaml'))
    wrong('expected.yaml', 'is not used: the rule says what becomes of the object');
  if (expected !== undefined && differences(object, expected).length === 0)
    wrong('expected.yaml', 'is the object as it was sent: leave it out, with expect: untouched or warned');
  if (update !== undefined && (expect === 'mutated' || expect === 'denied'))
    wrong('update.yaml', 'is for expect: untouched or warned: no engine changes or denies an UPDATE');
  if (subresource !== undefined && update === undefined) wrong('case.yaml', 'subresource: needs update.yaml');
  if (refusedByServer !== undefined && update !== undefined)
    wrong('case.yaml', 'refusedByServer: is for a CREATE, without update.yaml');
  for (const clause of named)
    if (!clauses.has(clause)) wrong('case.yaml', `clauses: ${clause} is not in contract/README.md`);
}

function readDocuments(
  path: string,
): { readonly documents: readonly unknown[] } | { readonly wrong: string } {
  try {
    const documents = loadAll(readFileSync(path, 'utf8'));
    return { documents: documents.filter((document) => document !== null && document !== undefined) };
  } catch (error) {
    return { wrong: `is not YAML: ${firstLineOf(error)}` };
  }
}

function firstLineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
