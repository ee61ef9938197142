import { describe, expect, it } from 'vitest';
import type { EngineRun, Result } from './cross.ts';
import { parseDivergences, verdictOf } from './divergences.ts';

const known = new Set(['a/one']);
const entry =
  '- engine: kyverno-cluster-policy\n  case: a/one\n  reason: it prepends containers\n  upstream: https://example.com/issues/1\n';

describe('divergences.yaml', () => {
  it('names engine, case, reason and where its maker says so', () => {
    expect(parseDivergences(entry, 'd.yaml', known)).toEqual({
      broken: [],
      divergences: [
        {
          engine: 'kyverno-cluster-policy',
          case: 'a/one',
          reason: 'it prepends containers',
          upstream: 'https://example.com/issues/1',
        },
      ],
    });
  });
  it('may be empty', () => {
    expect(parseDivergences('[]', 'd.yaml', known)).toEqual({ broken: [], divergences: [] });
  });
  const broken: Readonly<Record<string, readonly [string, string]>> = {
    'a case that is not there': [entry.replace('a/one', 'a/two'), 'there is no case a/two'],
    'no reference': [
      entry.replace(/ {2}upstream.*\n/, ''),
      '0.upstream: Invalid input: expected string, received undefined',
    ],
    'a key that is not known': [`${entry}  since: 2026\n`, '0: Unrecognized key: "since"'],
  };
  for (const [sentence, [text, reason]] of Object.entries(broken)) {
    it(`is broken with ${sentence}`, () => {
      expect(parseDivergences(text, 'd.yaml', known).broken).toEqual([{ path: 'd.yaml', reason }]);
    });
  }
});

describe('a result that is known to diverge', () => {
  const { divergences } = parseDivergences(entry, 'd.yaml', known);
  const verdict = (result: Result, engine: EngineRun['engine'] = 'kyverno-cluster-policy') =>
    verdictOf(
      { engine, results: new Map([['a/one', result]]), faults: [], seconds: 0 },
      'a/one',
      divergences,
    );
  it('is an expected failure', () => {
    expect(verdict({ kind: 'failed', faults: ['x'] })).toEqual({
      kind: 'diverged',
      reason: 'it prepends containers',
    });
  });
  it('is healed when it passes', () => {
    expect(verdict({ kind: 'passed' })).toEqual({ kind: 'healed' });
  });
  it('is only of its engine', () => {
    expect(verdict({ kind: 'failed', faults: ['x'] }, 'webhook')).toEqual({ kind: 'failed', faults: ['x'] });
  });
});
