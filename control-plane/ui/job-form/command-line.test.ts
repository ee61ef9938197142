import { describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';

describe('commandLine', () => {
  it('is the bare command without options', () => expect(commandLine('build', {})).toBe('dbt build'));
  it('has every option, quoted where a shell needs it', () =>
    expect(
      commandLine('run', {
        select: ['tag:nightly', 'path:my models'],
        exclude: ['fct_orders+'],
        selector: 'nightly',
        target: 'prod',
        threads: 8,
        fullRefresh: true,
        failFast: true,
        vars: '{"day": "2026-03-01"}',
      }),
    ).toBe(
      `dbt run --select tag:nightly 'path:my models' --exclude fct_orders+ --selector nightly --target prod --threads 8 --full-refresh --fail-fast --vars '{"day": "2026-03-01"}'`,
    ));
});
