import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isErrorLine, type ReadLine, readLogLine } from './log-line.ts';

const at = '2026-11-23T02:00:00.000000001Z';
const dbt = (info: object) => JSON.stringify({ data: {}, info: { name: 'LogStartLine', ...info } });
const gitSync = (facts: object) =>
  JSON.stringify({ logger: '', ts: '2026-11-23 13:44:06.083465', caller: { file: 'main.go' }, ...facts });

describe('what a person reads of a line', () => {
  const cases: Record<string, { raw: string; read: ReadLine }> = {
    "dbt's JSON is its message, level and instant": {
      raw: dbt({ msg: '1 of 2 START', level: 'info', ts: '2026-11-23T02:00:07.627678Z' }),
      read: { at: '2026-11-23T02:00:07.627678Z', level: 'info', text: '1 of 2 START' },
    },
    'a message of several lines stays one line of the log': {
      raw: dbt({ msg: 'Encountered an error:\r\nRuntime Error', level: 'error', ts: 'yesterday' }),
      read: { at, level: 'error', text: 'Encountered an error:\nRuntime Error' },
    },
    'a level of another dbt is none': {
      raw: dbt({ msg: 'm', level: 'test', ts: 1 }),
      read: { at, text: 'm' },
    },
    "git-sync's JSON is its message": {
      raw: gitSync({ level: 0, msg: 'starting up', pid: 7 }),
      read: { at, level: 'info', text: 'starting up' },
    },
    "git-sync's verbose JSON is for debugging": {
      raw: gitSync({ level: 5, msg: 'running command' }),
      read: { at, level: 'debug', text: 'running command' },
    },
    "git-sync's error is its message and cause": {
      raw: gitSync({ msg: 'too many failures, aborting', error: 'exit status 128' }),
      read: { at, level: 'error', text: 'too many failures, aborting: exit status 128' },
    },
    'other JSON stays as it is': { raw: '{"info": 1}', read: { at, text: '{"info": 1}' } },
    'broken JSON stays as it is': { raw: '{"info": {"msg"', read: { at, text: '{"info": {"msg"' } },
    "text with dbt's clock": {
      raw: '13:33:47  Found 6 models',
      read: { at, text: '13:33:47  Found 6 models' },
    },
    'text of --debug has its level': {
      raw: '\u001b[0m13:33:47.123456 [warn ] [MainThread]: Deprecated',
      read: { at, level: 'warn', text: '13:33:47.123456 [warn ] [MainThread]: Deprecated' },
    },
    'a failed node in text is an error': {
      raw: '13:33:45  1 of 2 ERROR creating sql view model main.broken',
      read: { at, level: 'error', text: '13:33:45  1 of 2 ERROR creating sql view model main.broken' },
    },
    'a heading in text is an error': {
      raw: '13:33:45    Runtime Error in model broken (models/broken.sql)',
      read: { at, level: 'error', text: '13:33:45    Runtime Error in model broken (models/broken.sql)' },
    },
    'the sum of a success is none': {
      raw: '13:34:29  Done. PASS=1 WARN=0 ERROR=0 SKIP=0',
      read: { at, text: '13:34:29  Done. PASS=1 WARN=0 ERROR=0 SKIP=0' },
    },
    'a warning in text': {
      raw: '13:34:29  2 of 6 WARN 3 not_null',
      read: { at, level: 'warn', text: '13:34:29  2 of 6 WARN 3 not_null' },
    },
    'colours, links and titles are gone, tabs stay': {
      raw: '\u001b[1;31mred\u001b[0m\t\u001b]8;;https://evil.example\u0007link\u001b]8;;\u001b\\ \u009b2Kend\u0007',
      read: { at, text: 'red\tlink end' },
    },
    'what a carriage return would hide is shown': {
      raw: ' 10 %\r100 %\r',
      read: { at, text: ' 10 %\n100 %' },
    },
    'an empty line': { raw: '', read: { at, text: '' } },
  };
  for (const [sentence, { raw, read }] of Object.entries(cases)) {
    it(sentence, () => {
      expect(readLogLine(at, raw)).toEqual(read);
      expect(isErrorLine(raw)).toBe(read.level === 'error');
    });
  }

  it('never holds a control character, whatever was printed, and errors are found without reading', () => {
    const pieces = fc.constantFrom(
      '\u001b[',
      '\u001b]',
      '\u009b',
      '\u0007',
      '\r',
      '31m',
      '"error"',
      'fatal: ',
    );
    const text = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 12 });
    const raws = fc.oneof(
      text.map((parts) => parts.join('')),
      text.map((parts) => dbt({ msg: parts.join(''), level: 'error' })),
    );
    fc.assert(
      fc.property(raws, (raw) => {
        const read = readLogLine(at, raw);
        expect(read.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(isErrorLine(raw)).toBe(read.level === 'error');
      }),
    );
  });

  it('takes time that grows with its length alone', () => {
    const shapes = ['\u001b[', '\u001b[0;', '\u001b]', '\r', '1 of 1', '{"error"'];
    // Any of these would take minutes if a pattern tried again from every place.
    for (const shape of shapes) readLogLine(at, shape.repeat(400_000));
  });
});

/** Logs of real runs, as the kubelet gave them. */
const recordings = new URL('../../test/outcomes/cases/', import.meta.url);
const linesOf = (file: string) => readFileSync(new URL(file, recordings), 'utf8').trimEnd().split('\n');

describe('the first error of a recorded log', () => {
  const cases: Record<string, string | undefined> = {
    'J13-success/dbt.log': undefined,
    'J20-exit-1-failed-model/dbt.log': '1 of 3 ERROR creating sql view model main.broken',
    'J21-exit-1-plain-text/dbt.log': '13:33:35  1 of 3 ERROR creating sql view model main.broken',
    'J21-exit-1-dbt-2/dbt.log': '[error] [DatabaseError (dbt1308)]: Catalog Error: Table with name',
    'J20-exit-2-compile-error/dbt.log': 'Encountered an error:\nCompilation Error\n',
    'clone-unknown-ca/dbt-jobs-git-sync.log':
      'too many failures, aborting: Run(git fetch https://git.example',
  };
  for (const [file, text] of Object.entries(cases)) {
    it(file, () => {
      const found = linesOf(file).find(isErrorLine);
      const read = found === undefined ? undefined : readLogLine(at, found);
      expect([read?.level, read?.text.slice(0, text?.length)]).toEqual([text && 'error', text]);
    });
  }
});
