import { describe, expect, it } from 'vitest';
import type { OutcomeReason } from './outcome.ts';
import { retryFromFailure } from './retry.ts';

const nodes = (text: string) =>
  text.split(' ').map((pair) => {
    const [uniqueId = '', status = ''] = pair.split('=');
    return { uniqueId, status };
  });
const retry = (line: string, told: string, reason: OutcomeReason = 'DbtHandledError') =>
  retryFromFailure({ words: line.split(' '), nodes: told === '' ? [] : nodes(told), reason });
const failing = 'model.shop.a=success model.shop.b=error model.shop.c=skipped';

const whole = {
  'what failed or was skipped': ['dbt run', failing, 'dbt run --select b c', 'model.shop.b model.shop.c'],
  'what ran in a node of a folder and in a package': [
    'dbt build',
    'model.pkg.x=error',
    'dbt build --select x --indirect-selection empty',
    'model.pkg.x',
  ],
  'tests without their hash, and unit tests without their model': [
    'dbt test',
    'test.shop.not_null_a_id.8f75690087=fail test.shop.one=fail unit_test.shop.a.ut=error test.shop.b.c.d.8f75690087=warn',
    'dbt test --select not_null_a_id one ut --indirect-selection empty',
    'test.shop.not_null_a_id.8f75690087 test.shop.one unit_test.shop.a.ut',
  ],
  'a test whose name has points': [
    'dbt test',
    'test.shop.my.own.8f75690087=fail',
    'dbt test --select my.own --indirect-selection empty',
    'test.shop.my.own.8f75690087',
  ],
  'a version of a model': [
    'dbt run',
    'model.shop.dim.v2=error',
    'dbt run --select dim.v2',
    'model.shop.dim.v2',
  ],
  'seeds and snapshots': ['dbt seed', 'seed.shop.codes=error', 'dbt seed --select codes', 'seed.shop.codes'],
  'with the options of the first time but its selection': [
    'dbt -q build -s tag:x --exclude y z -f --threads 4 --selector s --vars {} --indirect-selection cautious',
    'model.shop.a=error',
    'dbt -q build -f --threads 4 --vars {} --select a --indirect-selection empty',
    'model.shop.a',
  ],
  'nodes by the last that was told of them': [
    'dbt run',
    'model.shop.a=error model.shop.b=error model.shop.a=success',
    'dbt run --select b',
    'model.shop.b',
  ],
  'without the hooks, which run anyway': [
    'dbt run',
    'operation.shop.shop-on-run-end-0=error model.shop.a=skipped',
    'dbt run --select a',
    'model.shop.a',
  ],
} as const;

describe('after dbt has ended, a retry runs', () => {
  it.each(Object.entries(whole))('%s', (_, [line, told, words, left]) => {
    expect(retry(line, told)).toEqual({ words: words.split(' '), nodes: left.split(' '), rest: false });
  });
});

const brokenOff = {
  'all but what is done': [
    'dbt run',
    'model.shop.a=success model.shop.b=started',
    'dbt run --exclude a',
    'model.shop.b',
  ],
  'all of the selection but what is done': [
    'dbt run --select x+ --exclude y',
    'model.shop.a=success model.shop.b=started',
    'dbt run --select x+ --exclude y a',
    'model.shop.b',
  ],
  'the tests of what is done, too': [
    'dbt build',
    'model.shop.a=success test.shop.t.8f75690087=pass',
    'dbt build --exclude a t --indirect-selection empty',
    '',
  ],
  'the rest of a retry': [
    'dbt build --select a b --indirect-selection empty',
    'model.shop.a=success model.shop.b=started',
    'dbt build --select a b --indirect-selection empty --exclude a',
    'model.shop.b',
  ],
  'everything where nothing is done': [
    'dbt build --select x',
    'model.shop.a=started',
    'dbt build --select x',
    'model.shop.a',
  ],
} as const;

describe('after dbt was broken off, a retry runs', () => {
  it.each(Object.entries(brokenOff))('%s', (_, [line, told, words, left]) => {
    const names = left === '' ? [] : left.split(' ');
    expect(retry(line, told, 'OOMKilled')).toEqual({ words: words.split(' '), nodes: names, rest: true });
  });

  it('the rest where dbt itself stopped at the first failure', () => {
    expect(retry('dbt run -x', failing)).toEqual({
      words: ['dbt', 'run', '-x', '--exclude', 'a'],
      nodes: ['model.shop.b', 'model.shop.c'],
      rest: true,
    });
  });
});

const impossible = {
  'a shell': [
    ['sh', '-c', 'dbt build'],
    failing,
    'Its command is not one dbt command that runs nodes: run it again',
  ],
  'a command without nodes': [
    ['dbt', 'deps'],
    failing,
    'Its command is not one dbt command that runs nodes: run it again',
  ],
  'a run without a node': [['dbt', 'build'], '', 'dbt had not begun any node: run it again'],
  'a run in which hooks alone failed': [
    ['dbt', 'build'],
    'operation.shop.x=error',
    'dbt had not begun any node: run it again',
  ],
  'a run in which no node failed': [
    ['dbt', 'build'],
    'model.shop.a=success',
    'No node failed that could be selected: run it again',
  ],
  'a name that is a pattern': [
    ['dbt', 'build'],
    'model.shop.a*=error',
    'A node has a name that dbt cannot select: run it again',
  ],
  'a name that is a file': [
    ['dbt', 'build'],
    'model.shop.a.sql=error',
    'A node has a name that dbt cannot select: run it again',
  ],
} as const;

describe('a retry is refused for', () => {
  it.each(Object.entries(impossible))('%s', (_, [words, told, why]) => {
    expect(
      retryFromFailure({ words, nodes: told === '' ? [] : nodes(told), reason: 'DbtHandledError' }),
    ).toEqual({
      why,
    });
  });

  it('a build of a selection that was broken off', () => {
    expect(retry('dbt build --select x', failing, 'DeadlineExceeded')).toEqual({
      why: 'dbt was broken off, and what it had not begun of its selection is not known: run it again',
    });
  });

  it('more nodes than a command can name', () => {
    const many = Array.from({ length: 1001 }, (_, n) => ({ uniqueId: `model.shop.m${n}`, status: 'error' }));
    expect(retryFromFailure({ words: ['dbt', 'run'], nodes: many, reason: 'DbtHandledError' })).toEqual({
      why: 'It would name more than 1000 nodes: run it again',
    });
  });
});
