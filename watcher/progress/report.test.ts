import { describe, expect, it } from 'vitest';
import type { ProgressReport } from '../../contract/ingestion.ts';
import { annotations } from '../../contract/names.ts';
import { originAnnotations } from '../../contract/trigger.ts';
import type { RunFacts } from '../decide/run-facts.ts';
import { type Job, parseJob } from '../kube/job.ts';
import { parsePod } from '../kube/pod.ts';
import { conditions, pod, rawJob, rawPod, running, terminated, times, waiting } from '../testdata/objects.ts';
import { progressReport } from './report.ts';
import { triggerOf } from './trigger.ts';
import { waitingFor } from './waiting.ts';

type Raw = Record<string, Record<string, unknown>>;

const containers = [
  {
    name: 'dbt',
    image: 'plan:current',
    command: ['dbt', 'build'],
    args: ['--vars', '{"password": "hunter2"}', '--token', 'abc'],
  },
];

function nightly(tweak: Parameters<typeof rawJob>[0] = {}, owner?: string): Job {
  const raw = rawJob(tweak) as Raw;
  const ownerReferences = owner && [{ kind: owner, name: 'nightly', uid: 'owner-uid', controller: true }];
  const template = { ...(raw['spec']?.['template'] as object), spec: { containers } };
  return parseJob({
    ...raw,
    metadata: { ...raw['metadata'], ...(ownerReferences && { ownerReferences }) },
    spec: { ...raw['spec'], template },
  });
}

function injected(init: Record<string, object>, dbt: object, status: Record<string, unknown> = {}) {
  const raw = rawPod({ init, containers: { dbt }, status }) as Raw;
  const initContainers = (raw['spec']?.['initContainers'] as { name: string }[]).map((container) =>
    container.name === 'dbt-jobs-git-sync'
      ? { ...container, args: ['--repo=https://git.example.com/shop.git', `--ref=${'a'.repeat(40)}`] }
      : container,
  );
  const own = containers.map((container) => ({ ...container, image: 'registry.example.com/shop:1' }));
  return parsePod({ ...raw, spec: { ...raw['spec'], initContainers, containers: own } });
}

const facts = (run: Job, attempts: RunFacts['attempts'] = []): RunFacts => ({
  run,
  gone: false,
  attempts,
  events: [],
});

const at = (seconds: number) => new Date(Date.parse(times.created) + seconds * 1000).toISOString();
const ran = (exitCode: number, from: number, to: number) => ({
  terminated: { exitCode, reason: 'Completed', startedAt: at(from), finishedAt: at(to) },
});

const base: ProgressReport = {
  kind: 'progress',
  run: { uid: 'job-uid', kind: 'Job', namespace: 'shop', name: 'nightly-1', project: 'shop' },
  observedAt: at(600),
  phase: 'pending',
  trigger: { kind: 'tool' },
  createdAt: at(0),
  startedAt: at(0),
  command: ['dbt', 'build', '--vars', '{"password": "***"}', '--token', '***'],
  attempts: [],
};
const attempt = { uid: 'nightly-1-abcde-uid', name: 'nightly-1-abcde', node: 'node-a', createdAt: at(0) };
const plan = { image: 'registry.example.com/shop:1', commit: 'a'.repeat(40) };

const reports: Record<string, { readonly facts: RunFacts; readonly report: ProgressReport }> = {
  'without a pod says what will be run': {
    facts: facts(nightly()),
    report: { ...base, waitingFor: 'the pod is to be made' },
  },
  'at work says since when, and of which plan': {
    facts: facts(nightly(), [
      injected(
        { 'dbt-jobs-git-sync': ran(0, 1, 3), 'dbt-jobs-packages': ran(0, 3, 4) },
        { running: { startedAt: at(5) } },
        { phase: 'Running' },
      ),
    ]),
    report: {
      ...base,
      phase: 'running',
      ...plan,
      attempts: [
        {
          ...attempt,
          phase: 'Running',
          startedAt: at(0),
          clone: { startedAt: at(1), endedAt: at(3 + 1) },
          dbt: { startedAt: at(5) },
        },
      ],
    },
  },
  'that has ended says when, and who cancelled it': {
    facts: facts(
      nightly({
        conditions: conditions.deadline,
        annotations: { [annotations.cancelledBy]: 'ann@example.com' },
      }),
      [injected({ 'dbt-jobs-git-sync': ran(0, 1, 3) }, ran(143, 5, 9), { phase: 'Failed' })],
    ),
    report: {
      ...base,
      phase: 'ended',
      endedAt: at(600),
      ...plan,
      attempts: [
        {
          ...attempt,
          phase: 'Failed',
          startedAt: at(0),
          clone: { startedAt: at(1), endedAt: at(3) },
          dbt: { startedAt: at(5), endedAt: at(9) },
          exitCode: 143,
        },
      ],
      cancelledBy: 'ann@example.com',
    },
  },
  'whose clone failed has no end of dbt': {
    facts: facts(nightly({ conditions: conditions.backoff }), [
      injected(
        { 'dbt-jobs-git-sync': ran(1, 1, 3), 'dbt-jobs-packages': waiting('PodInitializing') },
        waiting('PodInitializing'),
        { phase: 'Failed' },
      ),
    ]),
    report: {
      ...base,
      phase: 'ended',
      endedAt: at(600),
      ...plan,
      attempts: [
        { ...attempt, phase: 'Failed', startedAt: at(0), clone: { startedAt: at(1), endedAt: at(3) } },
      ],
    },
  },
};

describe('progress of a run', () => {
  it.each(Object.entries(reports))('%s', (_, { facts, report }) => {
    expect(progressReport(facts, Date.parse(times.finished))).toEqual(report);
  });

  it('keeps a bounded part of a command', () => {
    const words = (args: readonly string[]) =>
      parsePod({ ...rawPod(), spec: { containers: [{ name: 'dbt', args }] } }).spec.containers[0]?.words;
    expect(words(['x'.repeat(3000), 'y'])).toEqual([`${'x'.repeat(2048)}…`]);
    expect(words(Array.from({ length: 100 }, () => 'ab'))).toEqual([
      ...Array.from({ length: 63 }, () => 'ab'),
      'ab…',
    ]);
  });
});

const uid = 'b0f4c7a2-0000-4000-8000-000000000000';
const triggers: Record<string, readonly [Record<string, string>, string | undefined, object]> = {
  'its schedule, with the instant that it wanted': [
    { [originAnnotations.scheduledFor]: '2026-11-23T03:00:00+01:00' },
    'CronJob',
    { kind: 'schedule', scheduledFor: '2026-11-23T02:00:00.000Z' },
  ],
  'its schedule, where the server does not say for when': [{}, 'CronJob', { kind: 'schedule' }],
  'a person with kubectl': [{ [originAnnotations.instantiate]: 'manual' }, 'CronJob', { kind: 'manual' }],
  'a person by name': [
    { [annotations.triggeredBy]: 'ann@example.com', [originAnnotations.instantiate]: 'manual' },
    'CronJob',
    { kind: 'manual', by: 'ann@example.com' },
  ],
  'a retry of another run': [
    { [annotations.retryOf]: uid, [annotations.triggeredBy]: 'ann' },
    'CronJob',
    { kind: 'retry', by: 'ann', retryOf: uid },
  ],
  'a tool, where what it names cannot be a run': [
    { [annotations.retryOf]: 'x'.repeat(200) },
    undefined,
    { kind: 'tool' },
  ],
  'a plan that is tried': [{}, 'DbtProject', { kind: 'plan' }],
  'a tool, where nothing is known': [{}, undefined, { kind: 'tool' }],
  'a name with control characters and a secret, on one line and without it': [
    { [annotations.triggeredBy]: 'ann\n token=abc' },
    undefined,
    { kind: 'manual', by: 'ann  token=***' },
  ],
};

describe('a run was triggered by', () => {
  it.each(Object.entries(triggers))('%s', (_, [told, owner, expected]) => {
    expect(triggerOf(nightly({ annotations: told }, owner))).toEqual(expected);
  });
});

const waits: Record<string, readonly [RunFacts, string | undefined]> = {
  'to be resumed': [facts(nightly({ suspend: true })), 'the Job is suspended'],
  'for a node, in the words of the scheduler': [
    facts(nightly(), [pod({ scheduled: false, containers: { dbt: waiting('') } })]),
    'no node takes the pod: 0/1 nodes are available: 1 Insufficient cpu.',
  ],
  'for git-sync': [
    facts(nightly(), [injected({ 'dbt-jobs-git-sync': running }, waiting('PodInitializing'))]),
    'git-sync fetches the commit',
  ],
  'for packages': [
    facts(nightly(), [
      injected(
        { 'dbt-jobs-git-sync': ran(0, 1, 3), 'dbt-jobs-packages': running },
        waiting('PodInitializing'),
      ),
    ]),
    'packages are made ready',
  ],
  'for the node': [
    facts(nightly(), [pod({ containers: { dbt: waiting('ContainerCreating') } })]),
    'the node prepares images and volumes',
  ],
  'for a Secret': [
    facts(nightly(), [
      pod({ containers: { dbt: waiting('CreateContainerConfigError', 'secret "warehouse" not found') } }),
    ]),
    'Secret "warehouse" does not exist',
  ],
  'for the next attempt': [
    facts(nightly(), [pod({ containers: { dbt: terminated(1) }, status: { phase: 'Failed' } })]),
    'the next attempt is to be made',
  ],
  'for nothing, at work': [facts(nightly(), [pod({ status: { phase: 'Running' } })]), undefined],
  'for nothing, at its end': [facts(nightly({ conditions: conditions.complete })), undefined],
};

describe('a run waits', () => {
  it.each(Object.entries(waits))('%s', (_, [known, words]) => {
    expect(waitingFor(known)).toEqual(words);
  });
});
