import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { line, log, nodes, outcome, progress, runRef } from '../store/testdata/reports.ts';
import { InvalidBatchError, readBatch } from './read-batch.ts';

const batch = (...reports: unknown[]) => ({ version: 'v1', sentBy: 'watcher-0', reports });
const good = [
  progress(runRef('r1')),
  outcome(runRef('r1')),
  nodes(runRef('r1')),
  log(runRef('r1'), [line(1, 'a')]),
];

describe('a batch', () => {
  it('is its reports', () => {
    expect(readBatch(batch(...good))).toEqual({ reports: good, rejected: [] });
  });

  it('without a report only says that the watcher lives', () => {
    expect(readBatch(batch())).toEqual({ reports: [], rejected: [] });
  });

  const invalid: Record<string, { body: unknown; words: string }> = {
    'is no text': { body: 'reports', words: 'it: Invalid input: expected object, received string' },
    'says its version': {
      body: { ...batch(), version: 'v2' },
      words: 'version: Invalid input: expected "v1"',
    },
    'has at most 1000 reports': {
      body: batch(...Array.from({ length: 1001 }, () => good[0])),
      words: 'reports: Too big: expected array to have <=1000 items',
    },
  };
  for (const [sentence, { body, words }] of Object.entries(invalid)) {
    it(sentence, () => {
      expect(() => readBatch(body)).toThrow(new InvalidBatchError(words));
    });
  }

  const rejected: Record<string, { report: unknown; message: string }> = {
    'a kind that nobody knows': {
      report: { kind: 'rumour' },
      message: "kind: Invalid discriminator value. Expected 'progress' | 'nodes' | 'outcome' | 'log'",
    },
    'fields that are missing, by their paths': {
      report: { ...progress(runRef('r1')), run: { uid: 'r1', kind: 'Job', name: 'r1-name' } },
      message: ['run.namespace', 'run.project']
        .map((field) => `${field}: Invalid input: expected string, received undefined`)
        .join('; '),
    },
    'a namespace that is none': {
      report: progress(runRef('r1', { namespace: 'acme\0' })),
      message: 'run.namespace: must be letters, digits, hyphens, points and underscores',
    },
    'a job that no label can name': {
      report: outcome(runRef('r1', { job: 'x'.repeat(254) })),
      message: 'run.job: must be letters, digits, hyphens, points and underscores',
    },
    'a line feed in a line': {
      report: log(runRef('r1'), [line(1, 'a'), line(2, 'one\ntwo')]),
      message: 'lines[1]: must hold no line feed and no NUL, and n is at most 9999999999',
    },
    'a container that is none': {
      report: log(runRef('r1'), [], { container: 'a.b' }),
      message: 'container: must be the name of a container',
    },
    'a node that no database can name': {
      report: nodes(runRef('r1'), { nodes: [{ uniqueId: 'a\0', status: 'success' }] }),
      message: 'nodes[0].uniqueId: must hold no NUL',
    },
  };
  for (const [sentence, { report, message }] of Object.entries(rejected)) {
    it(`rejects ${sentence}, and keeps the others`, () => {
      expect(readBatch(batch(good[0], report, good[1]))).toEqual({
        reports: [good[0], good[1]],
        rejected: [{ index: 1, message }],
      });
    });
  }

  it('is read without fail, whatever it holds, and says nothing of what was printed', () => {
    const anything = fc.anything({ withNullPrototype: false, maxDepth: 4 });
    const broken = fc.record({ kind: fc.constantFrom('progress', 'nodes', 'outcome', 'log'), run: anything });
    fc.assert(
      fc.property(fc.array(fc.oneof(anything, broken), { maxLength: 4 }), (reports) => {
        const read = readBatch(batch(...reports));
        expect(read.reports.length + read.rejected.length).toBe(reports.length);
      }),
    );
    const secret = log(runRef('r1'), [line(1, 'hunter2\n')]);
    expect(JSON.stringify(readBatch(batch(secret)))).not.toContain('hunter2');
  });
});
