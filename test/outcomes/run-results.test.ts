import { describe, expect, it } from 'vitest';
import type { DbtLog } from '../../watcher/dbt/log.ts';
import { readRunResults, withRunResults } from './run-results.ts';

const log: DbtLog = {
  summary: { counts: { success: 1, started: 1 }, failedNodes: [], unfinishedNodes: ['model.b'] },
  invocations: [
    {
      id: 'one',
      nodes: [
        { uniqueId: 'model.a', status: 'success' },
        { uniqueId: 'model.b', status: 'started' },
      ],
    },
  ],
};
const plainLog: DbtLog = { invocations: [{ nodes: [{ uniqueId: 'a', status: 'success' }] }] };

const file = (invocation: string, results: readonly object[], more: object = {}) =>
  JSON.stringify({
    metadata: { invocation_id: invocation, generated_at: '2026-11-23T02:05:00Z' },
    results,
    ...more,
  });
const failed = {
  unique_id: 'model.b',
  status: 'error',
  message: 'Database Error in model b (b.sql)\n  no table',
};

interface Case {
  readonly log: DbtLog;
  readonly file: string;
  readonly summary: DbtLog['summary'];
}

const cases: Record<string, Case> = {
  'the file of the same invocation has the last word': {
    log,
    file: file('one', [{ unique_id: 'model.a', status: 'success' }, failed], { elapsed_time: 3.5 }),
    summary: {
      counts: { success: 1, error: 1 },
      failedNodes: [{ uniqueId: 'model.b', status: 'error', message: 'Database Error: no table' }],
      elapsedSeconds: 3.5,
    },
  },
  'J20: a file that an earlier run left changes nothing': {
    log,
    file: file('other', [failed]),
    summary: log.summary,
  },
  'J20: without ids a file older than the container changes nothing': {
    log: plainLog,
    file: file('other', [failed]).replace('02:05:00Z', '01:59:59Z'),
    summary: undefined,
  },
  'J20: without ids a file of this time counts': {
    log: plainLog,
    file: file('other', [failed]),
    summary: {
      counts: { error: 1 },
      failedNodes: [{ uniqueId: 'model.b', status: 'error', message: 'Database Error: no table' }],
    },
  },
  'J21: dbt 2 leaves out the message of a failed test': {
    log,
    file: file('one', [{ unique_id: 'test.c', status: 'fail', failures: 2 }]),
    summary: {
      counts: { fail: 1 },
      failedNodes: [{ uniqueId: 'test.c', status: 'fail', message: 'the test found 2 rows' }],
    },
  },
};

describe('withRunResults', () => {
  it.each(Object.entries(cases))('%s', (_, { log: of, file: text, summary }) => {
    const results = readRunResults(text);
    expect(results && withRunResults(of, results, '2026-11-23T02:00:00Z').summary).toEqual(summary);
  });
});

describe('readRunResults', () => {
  it.each([
    ['J20: a file that is cut off is none', file('one', [failed]).slice(0, -20)],
    ['J20: an empty file is none', ''],
    ['J20: another JSON is none', '{"metadata":{}}'],
  ])('%s', (_, text) => expect(readRunResults(text)).toBeUndefined());
});
