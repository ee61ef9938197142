import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../contract/outcome.ts';
import type { DbtLog } from '../dbt/log.ts';
import { conditions, job, pod, terminated, waiting } from '../testdata/objects.ts';
import { decideOutcome } from './outcome.ts';
import type { RunFacts } from './run-facts.ts';

type Facts = Partial<Omit<RunFacts, 'dbtLog'>> & { readonly dbtLog?: DbtLog };

const failedLog: DbtLog = {
  summary: {
    counts: { success: 4, error: 1 },
    failedNodes: [
      { uniqueId: 'model.shop.orders', status: 'error', message: 'Database Error: no such table' },
    ],
  },
};
const brokenOff: DbtLog = {
  summary: {
    counts: { success: 1, started: 1 },
    failedNodes: [],
    unfinishedNodes: ['model.shop.slow'],
  },
};
const failed = job({ conditions: conditions.backoff });
const ended = (exitCode: number, reason?: string, message?: string) =>
  pod({ containers: { dbt: terminated(exitCode, reason, message) }, status: { phase: 'Failed' } });
const gitSync = 'dbt-jobs-git-sync';

const table: Record<string, { readonly facts: Facts; readonly outcome: Outcome | undefined }> = {
  'a Job that runs has no outcome': {
    facts: { attempts: [pod({ status: { phase: 'Running' } })] },
    outcome: undefined,
  },
  'J14: a failed attempt is no failure while the Job may make another': {
    facts: { run: job({ failed: 1 }), attempts: [ended(1)] },
    outcome: undefined,
  },
  'J14: FailureTarget only announces the end': {
    facts: { run: job({ conditions: conditions.announced }), attempts: [ended(1)] },
    outcome: undefined,
  },
  'J13: Complete and exit code 0 is success': {
    facts: {
      run: job({ conditions: conditions.complete }),
      attempts: [pod({ containers: { dbt: terminated(0) }, status: { phase: 'Succeeded' } })],
      dbtLog: { summary: { counts: { success: 2, pass: 3 }, failedNodes: [] } },
    },
    outcome: {
      result: 'succeeded',
      reason: 'DbtSucceeded',
      message: '5 nodes: 2 success, 3 pass',
      container: 'dbt',
      exitCode: 0,
      dbt: { counts: { success: 2, pass: 3 }, failedNodes: [] },
    },
  },
  'J14: a first attempt that failed does not spoil the success of the second': {
    facts: {
      run: job({ conditions: conditions.complete, failed: 1 }),
      attempts: [
        pod({ name: 'b', created: '2026-11-23T03:00:00Z', containers: { dbt: terminated(0) } }),
        pod({ name: 'a', containers: { dbt: terminated(1) } }),
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
  'J12: Complete without a pod that tells is unknown, not success': {
    facts: { run: job({ conditions: conditions.complete }), attempts: [] },
    outcome: {
      result: 'unknown',
      reason: 'Unknown',
      message:
        'the Job is Complete (CompletionsReached), how dbt ended is not known: no pod of the run tells',
    },
  },
  'S21: a log full of success does not make a success of exit code 1': {
    facts: {
      run: failed,
      attempts: [ended(1)],
      dbtLog: { summary: { counts: { success: 9 }, failedNodes: [] } },
    },
    outcome: {
      result: 'failed',
      reason: 'DbtHandledError',
      message: 'container "dbt" ended with exit code 1: 9 nodes: 9 success',
      container: 'dbt',
      exitCode: 1,
      dbt: { counts: { success: 9 }, failedNodes: [] },
    },
  },
  'J20: exit code 1 is a handled error, with the first failed node': {
    facts: { run: failed, attempts: [ended(1)], dbtLog: failedLog },
    outcome: {
      result: 'failed',
      reason: 'DbtHandledError',
      message:
        'container "dbt" ended with exit code 1: 1 of 5 nodes failed: model.shop.orders (error): Database Error: no such table',
      container: 'dbt',
      exitCode: 1,
      dbt: failedLog.summary!,
    },
  },
  'J20: exit code 2 is an unhandled error, with what dbt said': {
    facts: {
      run: failed,
      attempts: [ended(2)],
      dbtLog: { error: 'Compilation Error: no node', lastLine: 'x' },
    },
    outcome: {
      result: 'failed',
      reason: 'DbtUnhandledError',
      message: 'container "dbt" ended with exit code 2: Compilation Error: no node',
      container: 'dbt',
      exitCode: 2,
    },
  },
  'another exit code is the container that failed': {
    facts: { run: failed, attempts: [ended(127)], dbtLog: { lastLine: 'sh: dbt: not found' } },
    outcome: {
      result: 'failed',
      reason: 'ContainerFailed',
      message: 'container "dbt" ended with exit code 127 (command not found): sh: dbt: not found',
      container: 'dbt',
      exitCode: 127,
    },
  },
  'a container that the runtime could not start tells why': {
    facts: { run: failed, attempts: [ended(128, 'StartError', 'exec: "dbtt": not found in $PATH')] },
    outcome: {
      result: 'failed',
      reason: 'ContainerFailed',
      message: 'container "dbt" ended with exit code 128 (StartError): exec: "dbtt": not found in $PATH',
      container: 'dbt',
      exitCode: 128,
    },
  },
  'J13: OOMKilled is told apart from another SIGKILL': {
    facts: { run: failed, attempts: [ended(137, 'OOMKilled')] },
    outcome: {
      result: 'failed',
      reason: 'OOMKilled',
      message: 'container "dbt" was killed: it used more memory than its limit',
      container: 'dbt',
      exitCode: 137,
    },
  },
  'J20: a dbt that ran out of memory keeps what had ended, and names what was at work': {
    facts: { run: failed, attempts: [ended(137, 'OOMKilled')], dbtLog: brokenOff },
    outcome: {
      result: 'failed',
      reason: 'OOMKilled',
      message:
        'container "dbt" was killed: it used more memory than its limit; 2 nodes: 1 success, 1 started; model.shop.slow was at work',
      container: 'dbt',
      exitCode: 137,
      dbt: brokenOff.summary!,
    },
  },
  'J13: a SIGKILL from elsewhere is no lack of memory': {
    facts: { run: failed, attempts: [ended(137)] },
    outcome: {
      result: 'failed',
      reason: 'ContainerFailed',
      message: 'container "dbt" ended with exit code 137 (SIGKILL)',
      container: 'dbt',
      exitCode: 137,
    },
  },
  'J14: with OnFailure the last execution of the container decides': {
    facts: {
      run: failed,
      attempts: [
        pod({ containers: { dbt: waiting('CrashLoopBackOff', 'back-off 10s') }, lastState: terminated(1) }),
      ],
    },
    outcome: {
      result: 'failed',
      reason: 'DbtHandledError',
      message: 'container "dbt" ended with exit code 1',
      container: 'dbt',
      exitCode: 1,
    },
  },
  'a failed clone is no failure of dbt, and git says why': {
    facts: {
      run: failed,
      attempts: [
        pod({
          init: { [gitSync]: terminated(1) },
          containers: { dbt: waiting('PodInitializing') },
          status: { phase: 'Failed' },
        }),
      ],
      initLog:
        '{"ts":"2026-11-23 02:00:09","msg":"too many failures, aborting","error":"Run(git fetch): exit status 128: { stdout: \\"\\", stderr: \\"fatal: could not read Password for host\\" }"}\n',
    },
    outcome: {
      result: 'failed',
      reason: 'GitSyncFailed',
      message: `container "${gitSync}" ended with exit code 1: the server refused the user or password of the clone: fatal: could not read Password for host`,
      container: gitSync,
      exitCode: 1,
    },
  },
  'packages that dbt could not install tell its error': {
    facts: {
      run: failed,
      attempts: [
        pod({
          init: { [gitSync]: terminated(0), 'dbt-jobs-packages': terminated(2) },
          containers: { dbt: waiting('PodInitializing') },
          status: { phase: 'Failed' },
        }),
      ],
      initLog:
        '{"info":{"name":"MainEncounteredError","level":"error","msg":""},"data":{"exc":"Runtime Error\\n  The packages.yml file is malformed"}}\n',
    },
    outcome: {
      result: 'failed',
      reason: 'PackagesFailed',
      message:
        'container "dbt-jobs-packages" ended with exit code 2: Runtime Error: The packages.yml file is malformed',
      container: 'dbt-jobs-packages',
      exitCode: 2,
    },
  },
  'failed packages are told apart': {
    facts: {
      run: failed,
      attempts: [
        pod({
          init: { [gitSync]: terminated(0), 'dbt-jobs-packages': terminated(2) },
          containers: { dbt: waiting('PodInitializing') },
          status: { phase: 'Failed' },
        }),
      ],
      initLog: 'Running with dbt=1.11\nCould not reach the hub\n',
    },
    outcome: {
      result: 'failed',
      reason: 'PackagesFailed',
      message: 'container "dbt-jobs-packages" ended with exit code 2: Could not reach the hub',
      container: 'dbt-jobs-packages',
      exitCode: 2,
    },
  },
  "a user's init container is named": {
    facts: {
      run: failed,
      attempts: [pod({ init: { prepare: terminated(3) }, containers: { dbt: waiting('PodInitializing') } })],
    },
    outcome: {
      result: 'failed',
      reason: 'ContainerFailed',
      message: 'container "prepare" ended with exit code 3',
      container: 'prepare',
      exitCode: 3,
    },
  },
  'J16: a sidecar that is stopped at the end decides nothing': {
    facts: {
      run: failed,
      attempts: [
        pod({ init: { proxy: terminated(137) }, sidecars: ['proxy'], containers: { dbt: terminated(1) } }),
      ],
    },
    outcome: {
      result: 'failed',
      reason: 'DbtHandledError',
      message: 'container "dbt" ended with exit code 1',
      container: 'dbt',
      exitCode: 1,
    },
  },
  'J16: a container that fails beside a dbt that succeeded is named with its own exit code': {
    facts: { run: failed, attempts: [pod({ containers: { dbt: terminated(0), wait: terminated(64) } })] },
    outcome: {
      result: 'failed',
      reason: 'ContainerFailed',
      message: 'container "wait" ended with exit code 64, beside a dbt that ended with exit code 0',
      container: 'wait',
      exitCode: 64,
    },
  },
};

describe('decideOutcome', () => {
  it.each(Object.entries(table))('%s', (_, { facts, outcome }) => {
    const run = facts.run ?? job();
    const attempts = facts.attempts ?? (run.kind === 'Pod' ? [run] : []);
    expect(decideOutcome({ gone: false, events: [], ...facts, run, attempts })).toEqual(outcome);
  });
});
