import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDbtLogReader, type DbtLog } from './log.ts';

function read(text: string, size = text.length): DbtLog {
  const reader = createDbtLogReader();
  for (let at = 0; at < text.length; at += Math.max(1, size))
    reader.push(text.slice(at, at + Math.max(1, size)));
  return reader.end();
}

/** Beginnings of what the reader knows, so that garbage gets beyond the first look. */
const fragments = [
  '{',
  '1 of 2 FAIL ',
  '1 of 2 START sql view model a.b',
  ' Succeeded [  0.1s] model a.b (view)',
  'Failure in model ',
  ' (',
  'Finished running (',
  'Encountered an error:\n',
  'Traceback (most recent call last):\n',
  '\u00e9\ud83d\ude00',
  '{"info":{"name":"LogModelResult"},"data":{"node_info":{"unique_id":"m","node_status":"error"}}}\n',
];

const line = (name: string, uniqueId: string, status: string) =>
  JSON.stringify({
    info: { name, msg: '' },
    data: { node_info: { unique_id: uniqueId, node_status: status } },
  });

const of = (invocation: string, name: string, uniqueId: string, status: string) =>
  JSON.stringify({
    info: { name, msg: '', invocation_id: invocation },
    data: { node_info: { unique_id: uniqueId, node_status: status } },
  });

const cases: Record<string, { readonly log: string; readonly expected: DbtLog }> = {
  'a node that fails and then succeeds in a retry has succeeded': {
    log: [line('LogModelResult', 'model.a', 'error'), line('LogModelResult', 'model.a', 'success')].join(
      '\n',
    ),
    expected: { summary: { counts: { success: 1 }, failedNodes: [] } },
  },
  'S21: words that a shell prints beside JSON are the last line, no nodes': {
    log: `${line('LogModelResult', 'model.a', 'success')}\n1 of 1 ERROR creating x main.y ... [ERROR in 1s]\nsh: oops\n`,
    expected: { summary: { counts: { success: 1 }, failedNodes: [] }, lastLine: 'sh: oops' },
  },
  'S22: a status that dbt does not have is counted as other': {
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
  'J21: JSON of another program is no dbt event': {
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
  'J21: a failure in the words of dbt 1.7 is read': {
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
  'J20: a node that another command was at when dbt was killed has not succeeded': {
    log: [
      of('one', 'LogModelResult', 'model.a', 'success'),
      of('two', 'LogStartLine', 'model.a', 'started'),
    ].join('\n'),
    expected: { summary: { counts: { started: 1 }, failedNodes: [], unfinishedNodes: ['model.a'] } },
  },
  'a node that has ended is not at work again for a late line': {
    log: [
      line('LogStartLine', 'model.a', 'started'),
      line('LogModelResult', 'model.a', 'success'),
      line('NodeExecuting', 'model.a', 'executing'),
    ].join('\n'),
    expected: { summary: { counts: { success: 1 }, failedNodes: [] } },
  },
  'a test that failed tells its rows before dbt explains it': {
    log: JSON.stringify({
      info: { name: 'LogTestResult', msg: '' },
      data: { node_info: { unique_id: 'test.a', node_status: 'fail' }, num_failures: 3 },
    }),
    expected: {
      summary: {
        counts: { fail: 1 },
        failedNodes: [{ uniqueId: 'test.a', status: 'fail', message: 'the test found 3 rows' }],
      },
    },
  },
  'J21: fields of another type than dbt writes count as absent': {
    log: '{"info":{"name":"LogModelResult","thread":7,"invocation_id":null},"data":{"node_info":{"unique_id":"m","node_status":"error","node_started_at":[]},"execution_time":"x"}}',
    expected: {
      summary: { counts: { error: 1 }, failedNodes: [{ uniqueId: 'm', status: 'error', message: '' }] },
    },
  },
  'an empty log tells nothing': { log: '', expected: {} },
};

describe('the reader of logs', () => {
  it.each(Object.entries(cases))('%s', (_, { log, expected }) => {
    const { invocations, ...told } = read(log);
    expect(told).toEqual(expected);
    expect(invocations === undefined).toBe(!log.includes(' of ') && !log.includes('Log'));
  });

  it('J19: reads any bytes, cut anywhere, to the same result', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.oneof(fc.json(), fc.constantFrom(...fragments)).map((text) => Buffer.from(text)),
      fc.constant(Buffer.from('\n')),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(500)), (pieces, cuts) => {
        const bytes = Buffer.concat(pieces);
        const cut = createDbtLogReader();
        const edges = [0, ...cuts, bytes.length].toSorted((a, b) => a - b);
        for (const [index, from] of edges.entries()) cut.push(bytes.subarray(from, edges[index + 1]));
        const whole = createDbtLogReader();
        whole.push(bytes);
        expect(cut.end()).toEqual(whole.end());
      }),
      { numRuns: 1000 },
    );
  });

  it('S16: reads on after a line of 30 MB, and counts no more than 20,000 nodes', { timeout: 60_000 }, () => {
    const reader = createDbtLogReader();
    for (let count = 0; count < 30; count += 1) reader.push('{'.repeat(1_000_000));
    reader.push('\n');
    for (let count = 0; count < 100_000; count += 1)
      reader.push(`${line('LogModelResult', `m.${count}`, 'success')}\n`);
    expect(reader.end().summary).toEqual({ counts: { success: 20_000 }, failedNodes: [] });
  });

  it('S16: keeps little of messages of a megabyte each', { timeout: 60_000 }, () => {
    const reader = createDbtLogReader();
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 300; count += 1) {
      const info = { name: 'RunResultError', level: 'error', msg: `${count}`.padEnd(900_000, 'x') };
      reader.push(`${JSON.stringify({ info, data: { node_info: { unique_id: `m.${count}` } } })}\n`);
      reader.push(`${line('LogModelResult', `m.${count}`, 'error')}\n`);
    }
    const messages = reader.end().summary?.failedNodes.map(({ message }) => message.length);
    expect(messages).toEqual(Array.from({ length: 300 }, () => 1000));
    // 300 lines of 900 kB held whole would be 270 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('tells what it knows before the end', () => {
    const reader = createDbtLogReader();
    reader.push(`${line('LogStartLine', 'model.a', 'started')}\n${line('LogModelResult', 'model.b', 'su')}`);
    expect(reader.soFar().summary).toEqual({
      counts: { started: 1 },
      failedNodes: [],
      unfinishedNodes: ['model.a'],
    });
  });

  it.each(['(', ' in ', '\u001b[', '{"', '1 of 1 FAIL ', '.', '[[', ' Failed [  0.1s] '])(
    'S16: is linear in a line of %j',
    (unit) => {
      const timeOf = (length: number) => {
        const text = unit.repeat(length / unit.length);
        const began = performance.now();
        read(text);
        return performance.now() - began;
      };
      timeOf(100_000);
      // Quadratic work would take a hundred times as long.
      expect(timeOf(1_000_000)).toBeLessThan(40 * Math.max(timeOf(100_000), 5));
    },
  );
});
