import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWords, printWords } from './dbt-words.ts';
import { anySettings } from './testdata/settings.ts';

describe('printWords', () => {
  it('gives each option as words of its own', () => {
    const options = {
      select: ['tag:a', 'b; rm -rf /'],
      exclude: ['c'],
      target: 'prod',
      threads: 8,
      fullRefresh: true,
      failFast: true,
      vars: '{"pay": "$(PASSWORD)"}',
    };
    expect(printWords({ command: 'run', options })).toEqual([
      ...[
        'dbt',
        'run',
        '--select',
        'tag:a',
        'b; rm -rf /',
        '--exclude',
        'c',
        '--target',
        'prod',
        '--threads',
        '8',
      ],
      ...['--full-refresh', '--fail-fast', '--vars', '{"pay": "$$(PASSWORD)"}'],
    ]);
  });

  it('leaves out what is not set', () => {
    expect(printWords({ command: 'test', options: { select: [], fullRefresh: false } })).toEqual([
      'dbt',
      'test',
    ]);
  });
});

const readable = {
  'dbt build': { command: 'build', options: {} },
  'dbt run -s a -m b --exclude=c d -x -f': {
    command: 'run',
    options: { select: ['a', 'b'], exclude: ['c', 'd'], failFast: true, fullRefresh: true },
  },
  'dbt test --selector nightly -t prod --threads=4': {
    command: 'test',
    options: { selector: 'nightly', target: 'prod', threads: 4 },
  },
  'dbt seed --vars {a:1}': { command: 'seed', options: { vars: '{a:1}' } },
} as const;

const commands = 'dbt build, dbt run, dbt test, dbt snapshot, dbt seed';
const unreadable = {
  'sh -c dbt': `its command is none of ${commands}`,
  'dbt deps': `its command is none of ${commands}`,
  'dbt --quiet build': 'its command begins with "dbt --quiet", not with dbt alone',
  '/opt/dbt build': 'its command begins with "/opt/dbt", not with dbt alone',
  'dbt build --state x': 'its command has "--state x"',
  'dbt build stray': 'its command has "stray"',
  'dbt build --threads many': '--threads of its command is not as it can be set here',
  'dbt build --threads 0': '--threads of its command is not as it can be set here',
  'dbt build --target': '--target of its command is not as it can be set here',
  'dbt build --full-refresh=1': '--full-refresh of its command is not as it can be set here',
  'dbt build -t a -t b': 'its command has --target twice',
  'dbt build --vars $(VARS)': 'its command takes a part of "$(VARS)" from the environment',
} as const;

describe('parseWords', () => {
  it.each(Object.entries(readable))('reads %s', (line, expected) => {
    expect(parseWords(line.split(' '))).toEqual(expected);
  });

  it.each(Object.entries(unreadable))('says why settings cannot say %s', (line, why) => {
    expect(parseWords(line.split(' '))).toEqual({ why });
  });

  it('reads what was printed', () => {
    fc.assert(
      fc.property(anySettings, ({ command, options }) => {
        expect(parseWords(printWords({ command, options }))).toEqual({ command, options });
      }),
    );
  });
});
