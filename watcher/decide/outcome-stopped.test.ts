import { describe, expect, it } from 'vitest';
import { annotations } from '../../contract/names.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { DbtLog } from '../dbt/log.ts';
import { conditions, job, pod, terminated } from '../testdata/objects.ts';
import { decideOutcome } from './outcome.ts';
import type { RunFacts } from './run-facts.ts';

type Facts = Partial<Omit<RunFacts, 'dbtLog'>> & { readonly dbtLog?: DbtLog };

const atWork: DbtLog = {
  summary: { counts: { success: 1, started: 1 }, failedNodes: [], unfinishedNodes: ['model.shop.slow'] },
};
const failed = job({ conditions: conditions.backoff });
const ended = (exitCode: number, reason?: string, message?: string) =>
  pod({ containers: { dbt: terminated(exitCode, reason, message) }, status: { phase: 'Failed' } });

const table: Record<string, { readonly facts: Facts; readonly outcome: Outcome | undefined }> = {
  'a cancelled dbt that did not cancel its queries says what may go on': {
    facts: {
      run: job({
        conditions: conditions.deadline,
        deadline: 1,
        annotations: { [annotations.cancelledBy]: 'ada' },
      }),
      attempts: [ended(143)],
      dbtLog: atWork,
    },
    outcome: {
      result: 'cancelled',
      reason: 'Cancelled',
      message:
        'cancelled by ada; model.shop.slow was at work, and dbt did not cancel the query: its image needs STOPSIGNAL SIGINT',
      container: 'dbt',
      exitCode: 143,
      dbt: atWork.summary!,
    },
  },
  'a cancelled dbt that cancelled its queries leaves nothing to say': {
    facts: {
      run: job({
        conditions: conditions.deadline,
        deadline: 1,
        annotations: { [annotations.cancelledBy]: 'ada' },
      }),
      attempts: [ended(2)],
      dbtLog: { ...atWork, invocations: [{ nodes: [], cancelledQueries: true }] },
    },
    outcome: {
      result: 'cancelled',
      reason: 'Cancelled',
      message: 'cancelled by ada',
      container: 'dbt',
      exitCode: 2,
      dbt: atWork.summary!,
    },
  },
  'a cancelled run that its deadline ended is cancelled': {
    facts: {
      run: job({
        conditions: conditions.deadline,
        deadline: 1,
        annotations: { [annotations.cancelledBy]: 'ada' },
      }),
      attempts: [ended(2)],
    },
    outcome: {
      result: 'cancelled',
      reason: 'Cancelled',
      message: 'cancelled by ada',
      container: 'dbt',
      exitCode: 2,
    },
  },
  'a run that succeeded before the cancel took effect has succeeded': {
    facts: {
      run: job({ conditions: conditions.complete, annotations: { [annotations.cancelledBy]: 'ada' } }),
      attempts: [pod({ containers: { dbt: terminated(0) } })],
    },
    outcome: {
      result: 'succeeded',
      reason: 'DbtSucceeded',
      message: 'dbt succeeded',
      container: 'dbt',
      exitCode: 0,
    },
  },
  'a run that failed by itself before the cancel took effect has failed': {
    facts: {
      run: job({ conditions: conditions.backoff, annotations: { [annotations.cancelledBy]: 'ada' } }),
      attempts: [ended(1)],
    },
    outcome: {
      result: 'failed',
      reason: 'DbtHandledError',
      message: 'container "dbt" ended with exit code 1',
      container: 'dbt',
      exitCode: 1,
    },
  },
  'a cancelled run that was suspended is deleted and cancelled': {
    facts: { run: job({ suspend: true, annotations: { [annotations.cancelledBy]: 'ada' } }), gone: true },
    outcome: { result: 'cancelled', reason: 'Cancelled', message: 'cancelled by ada' },
  },
  'a Job that is deleted before its end is cancelled': {
    facts: { gone: true, attempts: [pod({ status: { phase: 'Running' } })] },
    outcome: {
      result: 'cancelled',
      reason: 'JobDeleted',
      message: 'the Job was deleted before it ended',
      container: 'dbt',
    },
  },
  'J9: a Job that is deleted after its end keeps its verdict': {
    facts: { run: failed, gone: true, attempts: [ended(1)] },
    outcome: {
      result: 'failed',
      reason: 'DbtHandledError',
      message: 'container "dbt" ended with exit code 1',
      container: 'dbt',
      exitCode: 1,
    },
  },
  'a bare pod that succeeded is a run that succeeded': {
    facts: { run: pod({ bare: true, containers: { dbt: terminated(0) }, status: { phase: 'Succeeded' } }) },
    outcome: {
      result: 'succeeded',
      reason: 'DbtSucceeded',
      message: 'dbt succeeded',
      container: 'dbt',
      exitCode: 0,
    },
  },
  'a bare pod that is deleted while dbt runs is cancelled, whatever exit code the signal gave': {
    facts: {
      run: pod({
        bare: true,
        deleted: '2026-11-23T02:10:29Z',
        containers: { dbt: terminated(143) },
        status: { phase: 'Failed' },
      }),
    },
    outcome: {
      result: 'cancelled',
      reason: 'JobDeleted',
      message: 'the Pod was deleted before it ended',
      container: 'dbt',
      exitCode: 143,
    },
  },
  'a bare pod that failed first and is deleted later has failed': {
    facts: {
      run: pod({
        bare: true,
        deleted: '2026-11-23T03:00:00Z',
        containers: { dbt: terminated(1) },
        status: { phase: 'Failed' },
      }),
      gone: true,
    },
    outcome: {
      result: 'failed',
      reason: 'DbtHandledError',
      message: 'container "dbt" ended with exit code 1',
      container: 'dbt',
      exitCode: 1,
    },
  },
};

describe('decideOutcome of a run that somebody stopped', () => {
  it.each(Object.entries(table))('%s', (_, { facts, outcome }) => {
    const run = facts.run ?? job();
    const attempts = facts.attempts ?? (run.kind === 'Pod' ? [run] : []);
    expect(decideOutcome({ gone: false, events: [], ...facts, run, attempts })).toEqual(outcome);
  });
});
