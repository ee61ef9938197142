import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file of the built UI, ready to be sent. */
export interface UiFile {
  readonly type: string;
  readonly body: Readonly<Record<Encoding, Buffer>>;
  /** Its name changes with what it holds: a browser need never ask for it again. */
  readonly immutable: boolean;
}

/** By path, `/index.html`, `/assets/…`. */
export type UiFiles = ReadonlyMap<string, UiFile>;

const types: readonly (readonly [string, string])[] = [
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
];

/**
 * Reads what `make ui` has built, a megabyte, and compresses it once, so that no request waits for either.
 * @throws where nothing was built, or a file is of a type that browsers would have to guess.
 */
export function readUiFiles(folder: string): UiFiles {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map(({ parentPath, name }) => {
    const path = join(parentPath, name).slice(folder.replace(/\/$/, '').length);
    return [path, uiFile(path, readFileSync(join(parentPath, name)))] as const;
  });
  const found = new Map(files);
  if (!found.has('/index.html'))
    throw new Error(`${folder} holds no index.html: build the UI with "make ui"`);
  return found;
}

function uiFile(path: string, identity: Buffer): UiFile {
  const type = types.find(([ending]) => path.endsWith(ending))?.[1];
  if (type === undefined) throw new Error(`${path} of the UI is of no type that is served`);
  return {
    type,
    body: { identity, br: brotliCompressSync(identity), gzip: gzipSync(identity) },
    immutable: path.startsWith('/assets/'),
  };
}
