import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../contract/outcome.ts';
import type { DbtLog } from '../dbt/log.ts';
import { conditions, job, pod, running, terminated, times, waiting } from '../testdata/objects.ts';
import { decideOutcome } from './outcome.ts';
import type { RunFacts } from './run-facts.ts';

type Facts = Partial<Omit<RunFacts, 'dbtLog'>> & { readonly dbtLog?: DbtLog };

const atWork: DbtLog = {
  summary: { counts: { success: 1, started: 1 }, failedNodes: [], unfinishedNodes: ['model.shop.slow'] },
};
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
  'J13: the deadline decides, not the exit code of a dbt that it stopped': {
    facts: { run: job({ conditions: conditions.deadline, deadline: 600 }), attempts: [ended(143)] },
    outcome: {
      result: 'failed',
      reason: 'DeadlineExceeded',
      message: 'the run took longer than 600 s; container "dbt" was at work',
      container: 'dbt',
      exitCode: 143,
    },
  },
  'J13: a deadline met in the clone names git-sync': {
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
  'J11: a deadline met without a start tells what kept it from starting': {
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
  'J11: a deadline met while no node took the pod tells what it waited for': {
    facts: {
      run: job({ conditions: conditions.deadline, deadline: 600 }),
      attempts: [pod({ scheduled: false, containers: {} })],
    },
    outcome: {
      result: 'failed',
      reason: 'Unschedulable',
      message: 'dbt did not start: no node takes the pod: 0/1 nodes are available: 1 Insufficient cpu.',
    },
  },
  'J13: a deadline met before dbt began says so': {
    facts: {
      run: job({ conditions: conditions.deadline, deadline: 600 }),
      attempts: [pod({ containers: { dbt: waiting('ContainerCreating') } })],
    },
    outcome: {
      result: 'failed',
      reason: 'DeadlineExceeded',
      message: 'the run took longer than 600 s; dbt had not started',
    },
  },
  'J13: a deadline met by dbt names what it was at': {
    facts: {
      run: job({ conditions: conditions.deadline, deadline: 600 }),
      attempts: [ended(143)],
      dbtLog: atWork,
    },
    outcome: {
      result: 'failed',
      reason: 'DeadlineExceeded',
      message:
        'the run took longer than 600 s; container "dbt" was at work: 2 nodes: 1 success, 1 started; model.shop.slow was at work',
      container: 'dbt',
      exitCode: 143,
      dbt: atWork.summary!,
    },
  },
  'J12: a pod that was deleted at work is not followed into success': {
    facts: { run: job(), attempts: [pod({ containers: { dbt: running }, status: { phase: 'Running' } })] },
    outcome: undefined,
  },
  'J12: the attempt that replaces a deleted one decides': {
    facts: {
      run: job({ conditions: conditions.complete }),
      attempts: [
        pod({ name: 'a', containers: { dbt: running }, status: { phase: 'Running' } }),
        pod({ name: 'b', created: '2026-11-23T03:00:00Z', containers: { dbt: terminated(0) } }),
      ],
    },
    outcome: {
      result: 'succeeded',
      reason: 'DbtSucceeded',
      message: 'dbt succeeded',
      container: 'dbt',
      exitCode: 0,
    },
  },
  'J13: an eviction by the kubelet is no failure of dbt': {
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
  'J13: a preemption is told': {
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
  'J13: a pod that a full node did not take is told': {
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
  'J12: a node that is gone is told': {
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
};

describe('decideOutcome of a run that was interrupted', () => {
  it.each(Object.entries(table))('%s', (_, { facts, outcome }) => {
    const run = facts.run ?? job();
    const attempts = facts.attempts ?? (run.kind === 'Pod' ? [run] : []);
    expect(decideOutcome({ gone: false, events: [], ...facts, run, attempts })).toEqual(outcome);
  });
});
