import fc from 'fast-check';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { includedPaths, listContext, stageContext } from './build-context.ts';

const tree = [
  'README.md',
  'contract/names.ts',
  'contract/names.test.ts',
  'webhook/mutate/pod.ts',
  'cli/main.ts',
];

describe('includedPaths', () => {
  it.each<[string, string, readonly string[]]>([
    ['lets everything through without patterns', '', tree],
    ['leaves comments and empty lines alone', '# nothing\n\n', tree],
    ['lets folders through after a star', '*\n!contract\n!webhook', tree.slice(1, 4)],
    ['lets the last matching pattern decide', '*\n!contract\n**/*.test.ts', ['contract/names.ts']],
    ['takes a file by its path', 'webhook/mutate/pod.ts', tree.filter((path) => !path.startsWith('webhook'))],
  ])('%s', (_, ignoreText, expected) => {
    expect(includedPaths(ignoreText, tree)).toEqual(expected);
  });

  it('gives a part of the paths in their order, whatever the patterns', () => {
    const pattern = fc.stringMatching(/^!?[a-z*]{1,6}(\/[a-z*]{1,6}){0,2}$/);
    fc.assert(
      fc.property(fc.array(pattern), (patterns) => {
        const included = includedPaths(patterns.join('\n'), tree);
        expect(included).toEqual(tree.filter((path) => included.includes(path)));
      }),
    );
  });
});

describe('a context', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'context-'));
    mkdirSync(join(folder, 'from', 'node_modules', 'left-out'), { recursive: true });
    writeFileSync(join(folder, 'from', 'start.sh'), '#!/bin/sh\n');
    chmodSync(join(folder, 'from', 'start.sh'), 0o755);
    writeFileSync(join(folder, 'from', 'data.csv'), 'a,b\n', { mode: 0o600 });
    writeFileSync(join(folder, 'from', 'node_modules', 'left-out', 'index.js'), '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is listed with content and mode, and without node_modules', async () => {
    expect(await listContext(join(folder, 'from'), '')).toEqual([
      {
        path: 'data.csv',
        executable: false,
        sha256: '5be08c9684a1d25efcee09318204824278b08bbfb4aef973ffefd0b9d7478313',
      },
      {
        path: 'start.sh',
        executable: true,
        sha256: 'a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf',
      },
    ]);
  });

  it('is staged with modes that do not depend on the umask', async () => {
    mkdirSync(join(folder, 'from', 'seeds', 'raw'), { recursive: true });
    writeFileSync(join(folder, 'from', 'seeds', 'raw', 'orders.csv'), 'id\n', { mode: 0o600 });
    mkdirSync(join(folder, 'to', 'seeds'), { recursive: true, mode: 0o700 });
    const files = await listContext(join(folder, 'from'), 'data.csv');
    await stageContext(join(folder, 'from'), files, join(folder, 'to'));
    const modeOf = (path: string): string => (statSync(join(folder, 'to', path)).mode & 0o777).toString(8);
    expect(readdirSync(join(folder, 'to'), { recursive: true }).toSorted()).toEqual([
      'seeds',
      'seeds/raw',
      'seeds/raw/orders.csv',
      'start.sh',
    ]);
    expect(['', 'seeds', 'seeds/raw', 'seeds/raw/orders.csv', 'start.sh'].map(modeOf)).toEqual([
      '755',
      '755',
      '755',
      '644',
      '755',
    ]);
  });
});
