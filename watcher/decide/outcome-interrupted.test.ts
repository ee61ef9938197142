import { describe, expect, it } from 'vitest';
import { annotations } from '../../contract/names.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { DbtLog } from '../dbt/log.ts';
import { conditions, job, pod, running, terminated, times, waiting } from '../testdata/objects.ts';
import { decideOutcome } from './outcome.ts';
import type { RunFacts } from './run-facts.ts';

type Facts = Partial<Omit<RunFacts, 'dbtLog'>> & { readonly dbtLog?: DbtLog };

const failed = job({ conditions: conditions.backoff });
const ended = (exitCode: number, reason?: string, message?: string) =>
  pod({ containers: { dbt: terminated(exitCode, reason, message) }, status: { phase: 'Failed' } });
const disrupted = (reason: string, message: string) => ({
  type: 'DisruptionTarget',
  status: 'True',
  reason,
  message,
  lastTransitionTime: times.finished,
});
const gitSync = 'dbt-jobs-git-sync';

const table: Record<string, { readonly facts: Facts; readonly outcome: Outcome | undefined }> = {
  'the deadline decides, not the exit code of a dbt that it stopped': {
    facts: { run: job({ conditions: conditions.deadline, deadline: 600 }), attempts: [ended(143)] },
    outcome: {
      result: 'failed',
      reason: 'DeadlineExceeded',
      message: 'the run took longer than 600 s; container "dbt" was at work',
      container: 'dbt',
      exitCode: 143,
    },
  },
  'a deadline met in the clone names git-sync': {
    facts: {
      run: job({ conditions: conditions.deadline, deadline: 600 }),
      attempts: [pod({ init: { [gitSync]: running }, containers: { dbt: waiting('PodInitializing') } })],
    },
    outcome: {
      result: 'failed',
      reason: 'DeadlineExceeded',
      message: `the run took longer than 600 s; container "${gitSync}" was at work`,
      container: gitSync,
    },
  },
  'a deadline met without a start tells what kept it from starting': {
    facts: {
      run: job({ conditions: conditions.deadline, deadline: 600 }),
      attempts: [
        pod({ containers: { dbt: waiting('CreateContainerConfigError', 'secret "warehouse" not found') } }),
      ],
    },
    outcome: {
      result: 'failed',
      reason: 'CredentialsMissing',
      message: 'dbt did not start: Secret "warehouse" does not exist',
      container: 'dbt',
    },
  },
  'an eviction by the kubelet is no failure of dbt': {
    facts: {
      run: failed,
      attempts: [
        pod({
          containers: { dbt: terminated(137) },
          status: {
            phase: 'Failed',
            reason: 'Evicted',
            message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 40Mi.',
          },
          conditions: [disrupted('TerminationByKubelet', 'The node was low on resource: memory.')],
        }),
      ],
    },
    outcome: {
      result: 'failed',
      reason: 'Evicted',
      message:
        'the pod was taken away on node "node-a": The node was low on resource: memory. Threshold quantity: 100Mi, available: 40Mi.',
      container: 'dbt',
      exitCode: 137,
    },
  },
  'a preemption is told': {
    facts: {
      run: failed,
      attempts: [
        pod({
          containers: { dbt: terminated(143) },
          status: { phase: 'Failed' },
          conditions: [
            disrupted(
              'PreemptionByScheduler',
              'default-scheduler: preempting to accommodate a higher priority pod',
            ),
          ],
        }),
      ],
    },
    outcome: {
      result: 'failed',
      reason: 'Evicted',
      message:
        'the pod was taken away on node "node-a": default-scheduler: preempting to accommodate a higher priority pod',
      container: 'dbt',
      exitCode: 143,
    },
  },
  'a pod that a full node did not take is told': {
    facts: {
      run: failed,
      attempts: [
        pod({
          containers: { dbt: waiting('ContainerCreating') },
          status: {
            phase: 'Failed',
            reason: 'OutOfmemory',
            message: "Pod was rejected: Node didn't have enough resource: memory",
          },
        }),
      ],
    },
    outcome: {
      result: 'failed',
      reason: 'Evicted',
      message:
        'the pod was taken away on node "node-a": Pod was rejected: Node didn\'t have enough resource: memory',
      container: 'dbt',
    },
  },
  'a node that is gone is told': {
    facts: {
      run: failed,
      attempts: [
        pod({
          status: { phase: 'Failed' },
          conditions: [disrupted('DeletionByPodGC', 'PodGC: node no longer exists')],
        }),
      ],
    },
    outcome: {
      result: 'failed',
      reason: 'NodeLost',
      message: 'the pod was lost on node "node-a": PodGC: node no longer exists',
      container: 'dbt',
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
  'a Job that is deleted after its end keeps its verdict': {
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

describe('decideOutcome of a run that was interrupted', () => {
  it.each(Object.entries(table))('%s', (_, { facts, outcome }) => {
    const run = facts.run ?? job();
    const attempts = facts.attempts ?? (run.kind === 'Pod' ? [run] : []);
    expect(decideOutcome({ gone: false, events: [], ...facts, run, attempts })).toEqual(outcome);
  });
});
