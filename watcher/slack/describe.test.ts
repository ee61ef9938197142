import { describe, expect, it } from 'vitest';
import { labels } from '../../contract/names.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { conditions, job, pod, terminated } from '../testdata/objects.ts';
import { describeRun } from './describe.ts';

const outcome: Outcome = { result: 'failed', reason: 'OOMKilled', message: 'm' };
const context = { projectName: 'shop', project: undefined, runUrl: undefined };

describe('describeRun', () => {
  it('tells a run of a labelled job, where it is shown and how long it took', () => {
    const run = job({ conditions: conditions.backoff, labels: { [labels.job]: 'nightly' } });
    const runUrl = 'https://dbt.example/{namespace}/{project}/runs/{uid}?n={name}&{other}';
    expect(describeRun(run, outcome, { ...context, runUrl })).toEqual({
      job: 'shop/shop/nightly',
      alert: {
        namespace: 'shop',
        project: 'shop',
        job: 'nightly',
        kind: 'Job',
        name: 'nightly-1',
        outcome,
        commit: undefined,
        durationSeconds: 600,
        url: 'https://dbt.example/shop/shop/runs/job-uid?n=nightly-1&{other}',
      },
    });
  });

  it('tells a bare pod by its own name: it belongs to no job', () => {
    const run = pod({ bare: true, containers: { dbt: terminated(1) } });
    const { job: key, alert } = describeRun(run, outcome, context);
    expect([key, alert.job, alert.kind]).toEqual([undefined, 'nightly-1-abcde', 'Pod']);
  });
});
