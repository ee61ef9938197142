import { describe, expect, it } from 'vitest';
import { containerOutput } from './container-log.ts';

const at = '2026-11-23T02:00:09.123456789Z';

describe('containerOutput', () => {
  it.each([
    ['a plain log is what was printed', 'a\nb\n', 'a\nb\n'],
    ['timestamps are left out', `${at} a\n${at} b\n`, 'a\nb\n'],
    [
      'J19: a line in pieces is joined',
      `${at} stdout P {"a":\n${at} stdout F 1}\n${at} stderr F \n`,
      '{"a":1}\n\n',
    ],
    ['an empty log is empty', '', ''],
  ])('%s', (_, log, output) => expect(containerOutput(log)).toBe(output));
});
