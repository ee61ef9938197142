import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDbtLogReader, type DbtLog } from './log.ts';

function read(text: string, size = text.length): DbtLog {
  const reader = createDbtLogReader();
  for (let at = 0; at < text.length; at += Math.max(1, size))
    reader.push(text.slice(at, at + Math.max(1, size)));
  return reader.end();
}

const recorded = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url), 'utf8');

/** Logs of dbt 1.11 with DuckDB, as it printed them. */
const recordings: Record<string, DbtLog> = {
  'success.jsonl': { summary: { counts: { success: 2, pass: 3 }, failedNodes: [], elapsedSeconds: 0.418 } },
  'success.txt': {
    summary: { counts: { success: 2, pass: 3 }, failedNodes: [], elapsedSeconds: 0.38 },
    lastLine: 'Done. PASS=5 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=5',
  },
  'failing-test.jsonl': {
    summary: {
      counts: { success: 2, pass: 2, fail: 1 },
      failedNodes: [
        {
          uniqueId: 'test.shop.not_null_customers_name.1b78bf32b9',
          status: 'fail',
          message: 'Got 2 results, configured to fail if != 0',
        },
      ],
      elapsedSeconds: 0.494,
    },
  },
  'failing-test.txt': {
    summary: {
      counts: { success: 2, pass: 2, fail: 1 },
      failedNodes: [
        {
          uniqueId: 'not_null_customers_name',
          status: 'fail',
          message: 'Got 2 results, configured to fail if != 0',
        },
      ],
      elapsedSeconds: 0.39,
    },
    lastLine: 'Done. PASS=4 WARN=0 ERROR=1 SKIP=0 NO-OP=0 TOTAL=5',
  },
  'failing-model.jsonl': {
    summary: {
      counts: { error: 1, success: 2, skipped: 1 },
      failedNodes: [
        {
          uniqueId: 'model.shop.broken',
          status: 'error',
          message:
            'Runtime Error: Catalog Error: Table with name "nowhere.missing_table" does not exist because schema "nowhere" does not exist.',
        },
      ],
      elapsedSeconds: 0.267,
    },
  },
  'failing-model.txt': {
    summary: {
      counts: { error: 1, success: 2, skipped: 1 },
      failedNodes: [
        {
          uniqueId: 'broken',
          status: 'error',
          message:
            'Catalog Error: Table with name "nowhere.missing_table" does not exist because schema "nowhere" does not exist.',
        },
      ],
      elapsedSeconds: 0.21,
    },
    lastLine: 'Done. PASS=2 WARN=0 ERROR=1 SKIP=1 NO-OP=0 TOTAL=4',
  },
  'compile-error.jsonl': {
    error:
      "Compilation Error: Model 'model.shop.broken' (models/broken.sql) depends on a node named 'nope' which was not found",
  },
  'compile-error.txt': {
    error:
      "Compilation Error: Model 'model.shop.broken' (models/broken.sql) depends on a node named 'nope' which was not found",
    lastLine:
      "Model 'model.shop.broken' (models/broken.sql) depends on a node named 'nope' which was not found",
  },
};

describe('a recorded log', () => {
  it.each(Object.entries(recordings))('%s tells nodes, errors and time', (name, expected) => {
    expect(read(recorded(name))).toEqual(expected);
  });

  it('is in the table, each of them', () => {
    expect(readdirSync(new URL('testdata', import.meta.url)).sort()).toEqual(Object.keys(recordings).sort());
  });

  it.each(Object.keys(recordings))('%s reads the same in pieces of any size', (name) => {
    const text = recorded(name);
    const whole = read(text);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (size) => {
        expect(read(text, size)).toEqual(whole);
      }),
      {
        numRuns: 25,
      },
    );
  });
});

const line = (name: string, uniqueId: string, status: string) =>
  JSON.stringify({
    info: { name, msg: '' },
    data: { node_info: { unique_id: uniqueId, node_status: status } },
  });

const cases: Record<string, { readonly log: string; readonly expected: DbtLog }> = {
  'a node that fails and then succeeds in a retry has succeeded': {
    log: [line('LogModelResult', 'model.a', 'error'), line('LogModelResult', 'model.a', 'success')].join(
      '\n',
    ),
    expected: { summary: { counts: { success: 1 }, failedNodes: [] } },
  },
  'words that a shell prints beside JSON are the last line, no nodes': {
    log: `${line('LogModelResult', 'model.a', 'success')}\n1 of 1 ERROR creating x main.y ... [ERROR in 1s]\nsh: oops\n`,
    expected: { summary: { counts: { success: 1 }, failedNodes: [] }, lastLine: 'sh: oops' },
  },
  'a status that dbt does not have is counted as other': {
    log: line('LogModelResult', 'model.a', '<script>'),
    expected: { summary: { counts: { other: 1 }, failedNodes: [] } },
  },
  'an id like a field of every object is an id': {
    log: line('LogModelResult', '__proto__', 'error'),
    expected: {
      summary: {
        counts: { error: 1 },
        failedNodes: [{ uniqueId: '__proto__', status: 'error', message: '' }],
      },
    },
  },
  'JSON of another program is no dbt event': {
    log: '{"level":"info","msg":"hello"}',
    expected: { lastLine: '{"level":"info","msg":"hello"}' },
  },
  'colours are left out': {
    log: '10:00:00  1 of 1 \u001b[32mOK\u001b[0m created sql view model main.a ... [\u001b[32mOK\u001b[0m in 0.1s]',
    expected: {
      summary: { counts: { success: 1 }, failedNodes: [] },
      lastLine: '1 of 1 OK created sql view model main.a ... [OK in 0.1s]',
    },
  },
  'a failure in the words of dbt 1.7 is read': {
    log: [
      '10:00:00  1 of 1 ERROR creating sql view model main.a ... [ERROR in 0.1s]',
      '10:00:00  Database Error in model a (models/a.sql)',
      '10:00:00    relation "x" does not exist',
    ].join('\n'),
    expected: {
      summary: {
        counts: { error: 1 },
        failedNodes: [{ uniqueId: 'a', status: 'error', message: 'relation "x" does not exist' }],
      },
      lastLine: 'relation "x" does not exist',
    },
  },
  'an empty log tells nothing': { log: '', expected: {} },
};

describe('the reader of logs', () => {
  it.each(Object.entries(cases))('%s', (_, { log, expected }) => expect(read(log)).toEqual(expected));

  it('takes any garbage without a throw', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom(
        '\n',
        '{',
        '1 of 2 FAIL ',
        'Failure in model ',
        ' (',
        'Finished running (',
        'Encountered an error:\n',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => void read(pieces.join(''), 7)),
      { numRuns: 300 },
    );
  });

  it('reads on after a line of 30 MB, and counts no more than 20,000 nodes', () => {
    const reader = createDbtLogReader();
    for (let count = 0; count < 30; count += 1) reader.push('{'.repeat(1_000_000));
    reader.push('\n');
    for (let count = 0; count < 100_000; count += 1)
      reader.push(`${line('LogModelResult', `m.${count}`, 'success')}\n`);
    expect(reader.end().summary).toEqual({ counts: { success: 20_000 }, failedNodes: [] });
  });

  it.each(['(', ' in ', '\u001b[', '{"', '1 of 1 FAIL ', '.'])('is linear in a line of %j', (unit) => {
    const timeOf = (length: number) => {
      const text = unit.repeat(length / unit.length);
      const began = performance.now();
      read(text);
      return performance.now() - began;
    };
    timeOf(100_000);
    // Quadratic work would take a hundred times as long.
    expect(timeOf(1_000_000)).toBeLessThan(40 * Math.max(timeOf(100_000), 5));
  });
});
