import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue, selectImages } from './catalogue.ts';
import { alignColumns } from './image-table.ts';

const root = join(import.meta.dirname, '..', '..');

describe('selectImages', () => {
  it('gives all images for no names', () => {
    expect(selectImages([])).toEqual(catalogue);
  });

  it('gives the named ones in catalogue order', () => {
    expect(selectImages(['postgres', 'git-sync']).map(({ name }) => name)).toEqual(['git-sync', 'postgres']);
  });

  it('names all unknown images and the known ones', () => {
    expect(() => selectImages(['postgres', 'mysql', 'oracle'])).toThrow(
      'no such image: mysql, oracle\nChoose from demo-plan-1, demo-plan-2, git-sync, git-server, postgres, dbt-jobs.',
    );
  });
});

describe.each(catalogue)('$name', ({ reference, dockerfile }) => {
  const text = readFileSync(join(root, dockerfile), 'utf8');

  it('has no registry that could be asked, and a tag that is not latest or that of its content', () => {
    expect(reference).toMatch(/^dbt-jobs\.local\/[a-z-]+(:(?!latest$)[a-z0-9]+)?$/);
  });

  it('is built from the base that the builder names', () => {
    expect(text).toContain('ARG BASE=debian:12-slim\n');
    expect(text.match(/^FROM \S+/gm)?.filter((line) => /:|debian/.test(line))).toEqual([]);
  });

  it('runs as a numeric user that is not root', () => {
    expect(text.match(/^USER .*$/gm)?.at(-1)).toMatch(/^USER 6553[23](:6553[23])?$/);
  });

  it('names no registry, since the host says how one is reached', () => {
    expect(text.match(/https?:\/\/\S+/g)).toBeNull();
  });
});

describe('the plan image', () => {
  it('is stopped with SIGINT, on which dbt cancels its queries, and has a home that can be written', () => {
    const text = readFileSync(join(root, 'examples/plan/Dockerfile'), 'utf8');
    expect(text).toMatch(/^STOPSIGNAL SIGINT$/m);
    expect(text).toMatch(/^ENV HOME=\/tmp$/m);
  });
});

describe('alignColumns', () => {
  it('pads all columns but the last', () => {
    expect(
      alignColumns([
        ['a', 'bbb', 'c'],
        ['aaaa', 'b', 'cc'],
      ]),
    ).toBe('a     bbb  c\naaaa  b    cc');
  });

  it('gives nothing for no rows', () => {
    expect(alignColumns([])).toBe('');
  });
});
