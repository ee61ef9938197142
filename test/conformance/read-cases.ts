import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CaseFile } from './case-file.ts';
import type { Json } from './json.ts';
import { readFolder } from './read-folder.ts';
import type { Surroundings } from './surroundings.ts';

export type Kind = 'Pod' | 'Job' | 'CronJob';

/** One folder. */
export interface Case extends CaseFile {
  /** Its path below the folder of all cases; the last part is unique. */
  readonly name: string;
  readonly folder: string;
  readonly kind: Kind;
  /** What the user submits. */
  readonly object: Json;
  readonly project: Json;
  readonly around: Surroundings;
  /** Absent where the object is to stay as it is sent. */
  readonly expected?: Json;
  /** RFC 7386; the request is then an UPDATE of the object. */
  readonly update?: Json;
}

/** A folder, or a file in it, and why it cannot be used. */
export interface Broken {
  readonly path: string;
  readonly reason: string;
}

/** Every folder that cannot be used, told at once: a case that is left out would look like one that passes. */
export class BrokenCases extends Error {
  override readonly name = 'BrokenCases';
  readonly broken: readonly Broken[];
  constructor(broken: readonly Broken[]) {
    const lines = broken.map(({ path, reason }) => `  ${path}: ${reason}`);
    super(
      `${broken.length} thing(s) wrong with the cases:\n${lines.join('\n')}\n` +
        'correct them as test/conformance/README.md says; nothing was run',
    );
    this.broken = broken;
  }
}

/** Whether expected.yaml must be there, or is about to be written. */
export type Completeness = 'complete' | 'without expected.yaml';

/**
 * Every case below `root`, in the order of their names; `clauses` are those that a case may name.
 *
 * @throws BrokenCases
 */
export function readCases(
  root: string,
  clauses: ReadonlySet<string>,
  want: Completeness = 'complete',
): readonly Case[] {
  const { folders, broken } = findFolders(root);
  const read = folders.map((folder) => readFolder({ root, folder, clauses, want }));
  const faults = [...broken, ...read.flatMap((one) => one.broken), ...findTwins(folders)];
  if (folders.length === 0 && faults.length === 0)
    faults.push({ path: root, reason: 'there is no case in it' });
  if (faults.length > 0) throw new BrokenCases(faults);
  return read.flatMap((one) => one.found);
}

/** Clause → its section of contract/README.md, from that file's text. */
export function readClauses(contract: string): ReadonlyMap<string, string> {
  const clauses = new Map<string, string>();
  let section = '';
  for (const [, heading, clause] of contract.matchAll(/^## (.*)$|^- \*\*(C[0-9]+)\*\*/gm)) {
    if (heading !== undefined) section = heading;
    if (clause !== undefined) clauses.set(clause, section);
  }
  return clauses;
}

interface Folders {
  readonly folders: readonly string[];
  readonly broken: readonly Broken[];
}

/** A folder that holds a file is a case; one that holds only folders is a group. */
function findFolders(folder: string): Folders {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return { folders: [], broken: [{ path: folder, reason: 'cannot be read: name a folder of cases' }] };
  }
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  if (entries.length > inner.length) {
    const reason = 'is not used: a case has no folders in it';
    return { folders: [folder], broken: inner.map((path) => ({ path, reason })) };
  }
  if (inner.length === 0) return { folders: [], broken: [{ path: folder, reason: 'is empty' }] };
  const found = inner.map(findFolders);
  return { folders: found.flatMap((one) => one.folders), broken: found.flatMap((one) => one.broken) };
}

function findTwins(folders: readonly string[]): readonly Broken[] {
  return [...Map.groupBy(folders, (folder) => basename(folder))].flatMap(([name, [first = '', ...others]]) =>
    others.map((path) => ({ path, reason: `the name "${name}" is taken twice: by ${first} too` })),
  );
}
