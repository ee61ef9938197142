import { describe, expect, it } from 'vitest';
import type { Outcome } from '../contract/outcome.ts';
import { createMetrics } from './metrics.ts';
import { conditions, job } from './testdata/objects.ts';

const run = job({ conditions: conditions.complete });
const outcome: Outcome = {
  result: 'succeeded',
  reason: 'DbtSucceeded',
  message: 'ok',
  dbt: { counts: { success: 2, pass: 3, odd: 1 }, failedNodes: [] },
};
const create = () => createMetrics({ now: () => 1_700_000_000_000, isProject: (_, name) => name === 'shop' });

async function lines(metrics: ReturnType<typeof create>, name: string): Promise<string[]> {
  return (await metrics.registry.getSingleMetricAsString(name))
    .split('\n')
    .filter((line) => !line.startsWith('#'));
}

describe('createMetrics', () => {
  it('counts a reported run, its time, its end and its nodes', async () => {
    const metrics = create();
    metrics.onRunReported(run, 'shop', outcome);
    expect(await lines(metrics, 'dbt_jobs_runs_total')).toEqual([
      'dbt_jobs_runs_total{namespace="shop",project="shop",result="succeeded",reason="DbtSucceeded"} 1',
    ]);
    expect(await lines(metrics, 'dbt_jobs_run_duration_seconds')).toContain(
      'dbt_jobs_run_duration_seconds_sum{namespace="shop",project="shop",result="succeeded"} 600',
    );
    expect(await lines(metrics, 'dbt_jobs_last_success_timestamp_seconds')).toEqual([
      `dbt_jobs_last_success_timestamp_seconds{namespace="shop",project="shop"} ${Date.parse('2026-11-23T02:10:00Z') / 1000}`,
    ]);
    const nodes = await lines(metrics, 'dbt_jobs_nodes');
    expect(nodes.filter((line) => !line.endsWith(' 0'))).toEqual([
      'dbt_jobs_nodes{namespace="shop",project="shop",status="success"} 2',
      'dbt_jobs_nodes{namespace="shop",project="shop",status="pass"} 3',
      'dbt_jobs_nodes{namespace="shop",project="shop",status="other"} 1',
    ]);
  });

  it('knows the last success again after a restart, and counts nothing twice', async () => {
    const metrics = create();
    metrics.onRunKnown(run, 'shop', outcome);
    expect(await lines(metrics, 'dbt_jobs_last_success_timestamp_seconds')).toHaveLength(1);
    expect(await lines(metrics, 'dbt_jobs_runs_total')).toEqual([]);
  });

  it('has one series for all projects that do not exist', async () => {
    const metrics = create();
    for (let count = 0; count < 1000; count += 1) metrics.onRunReported(run, `random-${count}`, outcome);
    expect(await lines(metrics, 'dbt_jobs_runs_total')).toEqual([
      'dbt_jobs_runs_total{namespace="shop",project="(unknown)",result="succeeded",reason="DbtSucceeded"} 1000',
    ]);
  });
});
