import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDbtCommand, parseDbtOptions } from './dbt-command.ts';

const commands = {
  'a command and its options': ['dbt build --select a', [['dbt'], 'build', ['--select', 'a']]],
  'general options before it': [
    'dbt --log-level debug -q run',
    [['dbt', '--log-level', 'debug', '-q'], 'run', []],
  ],
  'dbt by its path': ['/opt/dbt/bin/dbt test', [['/opt/dbt/bin/dbt'], 'test', []]],
  'what follows the entrypoint of an image': ['seed --threads 2', [[], 'seed', ['--threads', '2']]],
  'a command that runs no nodes': ['dbt parse', [['dbt'], 'parse', []]],
  'a shell': ['sh -c dbt\u00a0build', undefined],
  'another program': ['python build.py', undefined],
  'dbt alone': ['dbt --version', undefined],
  nothing: ['', undefined],
} as const;

describe('parseDbtCommand', () => {
  it.each(Object.entries(commands))('reads %s', (_, [line, expected]) => {
    const parsed = parseDbtCommand(line.split(' '));
    expect(parsed && [parsed.before, parsed.name, parsed.after]).toEqual(expected);
  });
});

describe('parseDbtOptions', () => {
  it.each([
    ['--select a b --full-refresh', [['--select', 'a', 'b'], ['--full-refresh']]],
    [
      '-s a -m b',
      [
        ['--select', 'a'],
        ['--select', 'b'],
      ],
    ],
    ['--select=a b', [['--select', 'a', 'b']]],
    ['--exclude --fail-fast', [['--exclude'], ['--fail-fast']]],
    ['--vars={"a":1} -x', [['--vars', '{"a":1}'], ['--fail-fast']]],
    [
      '--threads 4 -t prod',
      [
        ['--threads', '4'],
        ['--target', 'prod'],
      ],
    ],
    ['--target', [['--target']]],
    ['stray --defer', [['stray'], ['--defer']]],
  ])('reads %s', (line, expected) => {
    expect(parseDbtOptions(line.split(' ')).map(({ name, values }) => [name, ...values])).toEqual(expected);
  });

  it('loses no word', () => {
    const word = fc.constantFrom(
      '--select',
      '-s',
      'a',
      '--exclude=b',
      '--vars',
      '-x',
      '--selector',
      '-',
      '--',
      '',
    );
    fc.assert(
      fc.property(fc.array(word), (after) => {
        expect(parseDbtOptions(after).flatMap(({ words }) => words)).toEqual(after);
      }),
    );
  });
});
