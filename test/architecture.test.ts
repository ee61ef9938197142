import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && lstatSync(new URL(file, root), { throwIfNoEntry: false })?.isFile());
const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const sources = files.filter((file) => /\.tsx?$/.test(file));

const rooms = ['webhook', 'watcher', 'control-plane', 'cli'];
const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]/gm)].map(
    (match) => match[1] ?? '',
  );
const resolved = (file: string, target: string): string =>
  new URL(target, new URL(file, 'file:///')).pathname.slice(1);
const roomOf = (file: string): string => file.split('/')[0] ?? '';

describe('imports', () => {
  it('finds imports at all', () => {
    expect(importsOf('policies/generate.test.ts')).toContain('./generate.ts');
  });
  it('never lead from one room into another: what both rely on belongs into contract/', () => {
    const crossing = sources
      .filter((file) => rooms.includes(roomOf(file)))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('.'))
          .map((target) => ({ file, target: roomOf(resolved(file, target)) })),
      )
      .filter(({ file, target }) => target !== roomOf(file) && target !== 'contract');
    expect(crossing).toEqual([]);
  });
  it('never lead from contract/ to anything but itself and zod', () => {
    const leaving = sources
      .filter((file) => roomOf(file) === 'contract' && !file.endsWith('.test.ts'))
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ target }) => !target.startsWith('./') && target !== 'zod');
    expect(leaving).toEqual([]);
  });
});

describe('files', () => {
  it('are named after what they hold, never a junk drawer', () => {
    const drawers = /(^|[-/])(utils?|helpers?|common|misc|manager|types|shared|lib)(\.|\/|-)/;
    expect(sources.filter((file) => drawers.test(file))).toEqual([]);
  });
  it('are kebab-case', () => {
    const odd = sources.filter(
      (file) => !/^[a-z0-9-]+(\.(test|config|render\.test|d))?\.tsx?$/.test(file.split('/').at(-1) ?? ''),
    );
    expect(odd).toEqual([]);
  });
  it('lie in the folders that the architecture names', () => {
    const folders = new Set(files.filter((file) => file.includes('/')).map(roomOf));
    const known = [
      'contract',
      'webhook',
      'policies',
      'watcher',
      'control-plane',
      'cli',
      'manifests',
      'examples',
      'test',
      'docs',
      '.ci',
    ];
    expect([...folders].filter((folder) => !known.includes(folder))).toEqual([]);
  });
});

describe('what is committed', () => {
  const texts = files.filter((file) => !/\.(sum|png|ico|tgz)$|package-lock\.json$/.test(file));
  // Assembled, so that this file does not find itself.
  const banned: Readonly<Record<string, RegExp>> = {
    'names no path of one machine': new RegExp(
      `(^|[\\s"'=:(])/((${['work', 'farm'].join('|')})(/|$)|root/\\.)`,
      'm',
    ),
    'names no package registry': new RegExp(
      [
        'registry\\.npmjs' + '\\.org',
        'pypi' + '\\.org',
        'proxy\\.golang' + '\\.org',
        'deb\\.debian' + '\\.org',
        'files\\.pythonhosted',
      ].join('|'),
    ),
    'leaves nothing unfinished': new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`),
  };
  for (const [sentence, pattern] of Object.entries(banned)) {
    it(sentence, () => {
      expect(texts.filter((file) => pattern.test(textOf(file)))).toEqual([]);
    });
  }
  it('names no address in the lock file', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved"');
  });
});
