import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { annotations, finalizer } from '../contract/names.ts';
import type { Outcome } from '../contract/outcome.ts';
import { createDbtLogReader } from './dbt/log.ts';
import { parseJob } from './kube/job.ts';
import { parsePod } from './kube/pod.ts';
import type { Logs } from './logs/logs.ts';
import { outcomeText } from './report/annotation.ts';
import { createRunIndex, type RunIndex } from './run-index.ts';
import { createRefusals } from './refusals.ts';
import { reconcileRun } from './runs.ts';
import { type FakeApi, type FakeRequest, json, startFakeApi } from './testdata/fake-api.ts';
import { conditions, rawJob, rawPod, terminated, times, waiting } from './testdata/objects.ts';

const apis: FakeApi[] = [];
afterEach(async () => {
  await Promise.all(apis.splice(0).map((api) => api.close()));
});

interface World {
  readonly job?: Record<string, unknown>;
  readonly pods?: readonly Record<string, unknown>[];
  readonly events?: readonly object[];
  readonly log?: string;
  /** HTTP status of the answer to the annotation, to the Event; 200 and 201 where absent. */
  readonly patchStatus?: number;
  readonly eventStatus?: number;
}

async function startWorld(world: World): Promise<{ api: FakeApi; readonly writes: () => FakeRequest[] }> {
  const api = await startFakeApi((request, response) => answer(world, request, response));
  apis.push(api);
  return { api, writes: () => api.requests.filter(({ method }) => method !== 'GET') };
}

function answer(world: World, request: FakeRequest, response: ServerResponse): void {
  if (request.method === 'PATCH') json(response, world.patchStatus ?? 200, { message: 'patched' });
  else if (request.method === 'POST') json(response, world.eventStatus ?? 201, { message: 'made' });
  else if (request.path.endsWith('/events')) json(response, 200, { items: world.events ?? [] });
  else if (request.path.endsWith('/pods')) json(response, 200, { items: world.pods ?? [] });
  else json(response, 404, { message: 'not found' });
}

function indexOf(world: World): RunIndex {
  const index = createRunIndex();
  if (world.job) index.onJob({ type: 'added', object: parseJob(world.job) });
  for (const pod of world.pods ?? []) index.onPod({ type: 'added', object: parsePod(pod) });
  return index;
}

/** Logs that have been followed to their end. */
function logsOf({ log = '' }: World): Logs {
  const reader = createDbtLogReader();
  reader.push(log);
  return {
    follow: () => undefined,
    dbtLog: () => Promise.resolve(log === '' ? undefined : reader.end()),
    lastWords: () => Promise.resolve(undefined),
    isWhole: () => true,
    forget: () => undefined,
    stop: () => Promise.resolve(),
  };
}

async function reconcile(world: World, api: FakeApi, at = times.finished, index = indexOf(world)) {
  const reported: Outcome[] = [];
  const again = await reconcileRun(
    {
      client: api.client,
      index,
      logs: logsOf(world),
      delivery: undefined,
      refusals: createRefusals(() => undefined),
      isReplaced: () => false,
      log: pino({ enabled: false }),
      reportingInstance: 'watcher-0',
      now: () => Date.parse(at),
      startTimeoutSeconds: () => 900,
      onReported: (_, outcome) => reported.push(outcome),
      onKnown: () => undefined,
      discard(uid) {
        index.forget(uid);
        return Promise.resolve();
      },
    },
    'job-uid',
  );
  return { again, reported };
}

const failedWorld: World = {
  job: rawJob({ conditions: conditions.backoff }),
  pods: [rawPod({ containers: { dbt: terminated(1) }, status: { phase: 'Failed' } })],
  log: '10:00:00  Failure in model a (models/a.sql)\n  token=hunter2 expired\n10:00:00  1 of 1 ERROR creating sql view model main.a .. [ERROR in 1s]\n',
};
const failedMessage =
  'container "dbt" ended with exit code 1: 1 of 1 nodes failed: a (error): token=*** expired';
const missingSecret: World = {
  job: rawJob({ finalizers: [finalizer] }),
  pods: [
    rawPod({ containers: { dbt: waiting('CreateContainerConfigError', 'secret "warehouse" not found') } }),
  ],
};

describe('a run that has ended', () => {
  it('gets one Event and then its outcome as an annotation of that very object', async () => {
    const { api, writes } = await startWorld(failedWorld);
    const { reported, again } = await reconcile(failedWorld, api);
    const outcome: Outcome = {
      result: 'failed',
      reason: 'DbtHandledError',
      message: failedMessage,
      container: 'dbt',
      exitCode: 1,
      dbt: {
        counts: { error: 1 },
        failedNodes: [{ uniqueId: 'a', status: 'error', message: 'token=*** expired' }],
      },
    };
    expect([reported, again]).toEqual([[outcome], undefined]);
    expect(writes().map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      {
        method: 'POST',
        path: '/apis/events.k8s.io/v1/namespaces/shop/events',
        body: {
          apiVersion: 'events.k8s.io/v1',
          kind: 'Event',
          metadata: { name: expect.stringMatching(/^nightly-1\.[0-9a-f]{16}$/) as string, namespace: 'shop' },
          eventTime: '2026-11-23T02:10:00.000000Z',
          reportingController: 'dbt-jobs.io/watcher',
          reportingInstance: 'watcher-0',
          regarding: {
            apiVersion: 'batch/v1',
            kind: 'Job',
            namespace: 'shop',
            name: 'nightly-1',
            uid: 'job-uid',
          },
          type: 'Warning',
          reason: 'DbtHandledError',
          action: 'Report',
          note: `${failedMessage}; correct the failed nodes, then run again`,
        },
      },
      {
        method: 'PATCH',
        path: '/apis/batch/v1/namespaces/shop/jobs/nightly-1',
        body: {
          metadata: {
            uid: 'job-uid',
            resourceVersion: '10',
            annotations: { [annotations.outcome]: outcomeText('job-uid', outcome) },
          },
        },
      },
    ]);
  });

  it('is told under the same name by a second watcher, whose Event is then refused without harm', async () => {
    const world = { ...failedWorld, eventStatus: 409 };
    const { api, writes } = await startWorld(world);
    const [first, second] = [await reconcile(world, api), await reconcile(world, api)];
    expect([first.reported.length, second.reported.length]).toEqual([1, 1]);
    const names = writes().flatMap(({ method, body }) =>
      method === 'POST' ? [(body as { metadata: unknown }).metadata] : [],
    );
    expect(names[0]).toEqual(names[1]);
  });

  it('is left alone once it carries its outcome', async () => {
    const outcome = outcomeText('job-uid', { result: 'failed', reason: 'OOMKilled', message: 'm' });
    const world = {
      ...failedWorld,
      job: rawJob({ conditions: conditions.backoff, annotations: { [annotations.outcome]: outcome } }),
    };
    const { api } = await startWorld(world);
    expect(await reconcile(world, api)).toEqual({ again: undefined, reported: [] });
    expect(api.requests).toEqual([]);
  });

  it('is reported although it was copied from a run with all its annotations', async () => {
    const outcome = outcomeText('another-uid', { result: 'succeeded', reason: 'DbtSucceeded', message: 'm' });
    const job = rawJob({ conditions: conditions.backoff, annotations: { [annotations.outcome]: outcome } });
    const world = { ...failedWorld, job };
    const { api } = await startWorld(world);
    expect((await reconcile(world, api)).reported.map(({ reason }) => reason)).toEqual(['DbtHandledError']);
  });

  it('is decided anew when it has changed meanwhile', async () => {
    const world = { ...failedWorld, patchStatus: 409 };
    const { api } = await startWorld(world);
    await expect(reconcile(world, api)).rejects.toMatchObject({ status: 409 });
  });

  it('is decided by pods that the watch has not seen yet', async () => {
    const { api } = await startWorld(failedWorld);
    const index = createRunIndex();
    index.onJob({ type: 'added', object: parseJob(failedWorld.job) });
    const { reported } = await reconcile(failedWorld, api, times.finished, index);
    expect(reported.map(({ reason }) => reason)).toEqual(['DbtHandledError']);
  });

  it('is decided by the last state of a pod that is deleted, and does without a log that nobody read', async () => {
    const world = { ...failedWorld, pods: [], log: '' };
    const { api } = await startWorld(world);
    const index = indexOf(failedWorld);
    index.onPod({ type: 'gone', object: parsePod(failedWorld.pods![0]) });
    const { reported } = await reconcile(world, api, times.finished, index);
    expect(reported.map(({ message }) => message)).toEqual(['container "dbt" ended with exit code 1']);
  });

  it('that is deleted gets its Event, no annotation, and is forgotten', async () => {
    const world = { ...failedWorld, job: rawJob() };
    const { api, writes } = await startWorld(world);
    const index = indexOf(world);
    index.onJob({ type: 'gone', object: parseJob(world.job) });
    const { reported } = await reconcile(world, api, times.finished, index);
    expect(reported.map(({ reason }) => reason)).toEqual(['JobDeleted']);
    expect([writes().map(({ method }) => method), index.get('job-uid')]).toEqual([['POST'], undefined]);
  });

  it('in a namespace that is being deleted is reported without an Event', async () => {
    const world = { ...failedWorld, eventStatus: 403 };
    const { api } = await startWorld(world);
    expect((await reconcile(world, api)).reported).toHaveLength(1);
  });
});

describe('a run that is at work', () => {
  const running = { job: rawJob({ ttl: 0 }), pods: [rawPod()] };

  it('J9 is held, with a floor under its TTL', async () => {
    const { api, writes } = await startWorld(running);
    await reconcile(running, api);
    expect(writes().map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/apis/batch/v1/namespaces/shop/jobs/nightly-1',
        body: {
          metadata: { uid: 'job-uid', resourceVersion: '10', finalizers: [finalizer] },
          spec: { ttlSecondsAfterFinished: 3600 },
        },
      },
    ]);
  });

  it('J30 is followed all the same where we may not hold it', async () => {
    const world = { ...running, patchStatus: 403 };
    const { api } = await startWorld(world);
    expect(await reconcile(world, api)).toEqual({ again: undefined, reported: [] });
  });

  it('J9 that is held and deleted is told, marked and let go in one write', async () => {
    const world = {
      job: rawJob({ finalizers: ['other.example/keep', finalizer], deleted: times.finished }),
      pods: [rawPod()],
    };
    const { api, writes } = await startWorld(world);
    const { reported } = await reconcile(world, api);
    expect(reported.map(({ reason }) => reason)).toEqual(['JobDeleted']);
    expect(writes().map(({ method }) => method)).toEqual(['POST', 'PATCH']);
    expect(writes()[1]?.body).toEqual({
      metadata: {
        uid: 'job-uid',
        resourceVersion: '10',
        annotations: { [annotations.outcome]: outcomeText('job-uid', reported[0]!) },
        finalizers: ['other.example/keep'],
      },
    });
  });

  it('is cancelled, and not merely deleted, when it says by whom', async () => {
    const world = {
      job: rawJob({
        finalizers: [finalizer],
        deleted: times.finished,
        suspend: true,
        annotations: { [annotations.cancelledBy]: 'somebody@example.com' },
      }),
    };
    const { api } = await startWorld(world);
    expect((await reconcile(world, api)).reported).toEqual([
      { result: 'cancelled', reason: 'Cancelled', message: 'cancelled by somebody@example.com' },
    ]);
  });
});

describe('a run that does not start', () => {
  it.each([
    ['a minute later', '2026-11-23T02:05:00Z', 60_000],
    ['when its time is over, if that is sooner', '2026-11-23T02:14:30Z', 30_000],
  ])('is looked at again %s, without a request before', async (_sentence, at, again) => {
    const { api } = await startWorld(missingSecret);
    expect(await reconcile(missingSecret, api, at)).toEqual({ again, reported: [] });
    expect(api.requests).toEqual([]);
  });

  it('J25 is marked and ended in one write, so that nothing waits behind it, and then told', async () => {
    const { api, writes } = await startWorld(missingSecret);
    const { reported } = await reconcile(missingSecret, api, '2026-11-23T02:15:00Z');
    expect(reported).toEqual([
      {
        result: 'failed',
        reason: 'CredentialsMissing',
        message: 'dbt did not start within 900 s: Secret "warehouse" does not exist',
        container: 'dbt',
      },
    ]);
    expect(writes().map(({ method }) => method)).toEqual(['PATCH', 'POST']);
    expect(writes()[0]?.body).toEqual({
      metadata: {
        uid: 'job-uid',
        resourceVersion: '10',
        annotations: { [annotations.outcome]: outcomeText('job-uid', reported[0]!) },
      },
      spec: { activeDeadlineSeconds: 1 },
    });
  });

  it('is spared when the API knows better than the watch that dbt runs', async () => {
    const world = { ...missingSecret, pods: [rawPod({ status: { phase: 'Running' } })] };
    const { api, writes } = await startWorld(world);
    const result = await reconcile(world, api, '2026-11-23T02:15:00Z', indexOf(missingSecret));
    expect([result, writes()]).toEqual([{ again: 60_000, reported: [] }, []]);
  });
});
