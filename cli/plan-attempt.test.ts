import { describe, expect, it } from 'vitest';
import { containersToRead, parseAttempt, progress, readableLines } from './plan-attempt.ts';

const pod = (status: object, createdAt = '2026-01-01T00:00:00Z') => ({
  metadata: { name: 'shop-plan-x7k2p', creationTimestamp: createdAt },
  status,
});
const attemptOf = (status: object) => parseAttempt({ items: [pod(status)] });
const ended = (exitCode: number, reason?: string) => ({ terminated: { exitCode, reason } });
const runs = { running: { startedAt: '2026-01-01T00:00:00Z' } };

describe('parseAttempt', () => {
  it('takes the newest pod', () => {
    const older = pod({ phase: 'Failed' });
    const newer = pod({ phase: 'Running' }, '2026-01-01T00:01:00Z');
    expect(parseAttempt({ items: [older, newer] })).toEqual({
      pod: 'shop-plan-x7k2p',
      phase: 'Running',
      containers: [],
    });
  });

  it('is nothing where there is no pod', () => {
    expect(parseAttempt({ items: [] })).toBeUndefined();
  });
});

describe('progress', () => {
  const job = 'Job shop-plan';
  const where = `${job}, pod shop-plan-x7k2p`;
  const cases: Record<string, { jobName: string | undefined; status?: object; line: string }> = {
    'without a Job the watcher is waited for': {
      jobName: undefined,
      line: 'waiting for the watcher to make its Job',
    },
    'a Job without a pod': { jobName: 'shop-plan', line: `${job}, no pod yet` },
    'a pod that nothing is known of yet': {
      jobName: 'shop-plan',
      status: { phase: 'Pending' },
      line: `${where} Pending`,
    },
    'an init container that runs': {
      jobName: 'shop-plan',
      status: {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'dbt-jobs-git-sync', state: runs }],
        containerStatuses: [{ name: 'dbt', state: { waiting: { reason: 'PodInitializing' } } }],
      },
      line: `${where} Pending, dbt-jobs-git-sync runs`,
    },
    'a container that waits tells why, in one line and without escape sequences': {
      jobName: 'shop-plan',
      status: {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'dbt-jobs-git-sync', state: ended(0, 'Completed') }],
        containerStatuses: [
          {
            name: 'dbt',
            state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off\n\u001b[31mpulling' } },
          },
        ],
      },
      line: `${where} Pending, dbt waits (ImagePullBackOff: Back-off pulling)`,
    },
    'an exit code is told without the word that stands for every one': {
      jobName: 'shop-plan',
      status: { phase: 'Failed', containerStatuses: [{ name: 'dbt', state: ended(2, 'Error') }] },
      line: `${where} Failed, dbt ended with exit code 2`,
    },
    'a kill is told by its name': {
      jobName: 'shop-plan',
      status: { phase: 'Failed', containerStatuses: [{ name: 'dbt', state: ended(137, 'OOMKilled') }] },
      line: `${where} Failed, dbt ended with exit code 137 (OOMKilled)`,
    },
    'an evicted pod is told as such': {
      jobName: 'shop-plan',
      status: { phase: 'Failed', reason: 'Evicted' },
      line: `${where} Evicted`,
    },
  };
  it.each(Object.entries(cases))('%s', (_, { jobName, status, line }) => {
    expect(progress(jobName, status === undefined ? undefined : attemptOf(status))).toBe(line);
  });
});

it('tells a pipeline without the right to see pods no more than the Job', () => {
  expect(progress('shop-plan', 'hidden')).toBe('Job shop-plan, its pod may not be seen with these rights');
});

describe('containersToRead', () => {
  const cases: Record<string, { init: object; dbt: object; names: readonly string[] }> = {
    'only those that ended badly': { init: ended(1, 'Error'), dbt: {}, names: ['git-sync'] },
    'where none did, all that have started': {
      init: ended(0, 'Completed'),
      dbt: runs,
      names: ['git-sync', 'dbt'],
    },
    'none where none has started': { init: { waiting: {} }, dbt: {}, names: [] },
  };
  it.each(Object.entries(cases))('%s', (_, { init, dbt, names }) => {
    const attempt = attemptOf({
      initContainerStatuses: [{ name: 'git-sync', state: init }],
      containerStatuses: [{ name: 'dbt', state: dbt }],
    });
    expect(attempt === undefined ? undefined : containersToRead(attempt)).toEqual(names);
  });
});

describe('readableLines', () => {
  const cases: Record<string, { log: string; lines: readonly string[] }> = {
    'of a JSON line of dbt the message is shown': {
      log: '{"data":{},"info":{"level":"error","msg":"Database Error\\n  connection refused"}}\n',
      lines: ['Database Error', '  connection refused'],
    },
    'of a JSON line of git-sync the message and the error are shown': {
      log: '{"logger":"","ts":"2026","level":0,"msg":"starting up"}\n{"logger":"","msg":"aborting","error":"exit status 128"}',
      lines: ['starting up', 'aborting: exit status 128'],
    },
    'other lines stay, JSON of others too': {
      log: 'plain\n{"a":1}\n{broken',
      lines: ['plain', '{"a":1}', '{broken'],
    },
    'what steers a terminal is gone': {
      log: 'a\u001b[2Jb \u001b]0;title\u0007c \u001b]8;;http://x\u001b\\d\u0008\r\n\u001b[0m\n',
      lines: ['ab c d'],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { log, lines }) => {
    expect(readableLines(log)).toEqual(lines);
  });
});
