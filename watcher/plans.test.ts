import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { annotations } from '../contract/names.ts';
import { type DbtProject, parseDbtProject, type Plan } from '../contract/dbt-project.ts';
import type { Outcome } from '../contract/outcome.ts';
import { planJobName, reconcilePlans } from './plans.ts';
import { reconcileReady } from './ready.ts';
import { outcomeText } from './report/annotation.ts';
import { type FakeApi, type FakeRequest, json, startFakeApi } from './testdata/fake-api.ts';
import { plan, project, rawProject } from './testdata/project.ts';

const apis: FakeApi[] = [];
afterEach(async () => {
  await Promise.all(apis.splice(0).map((api) => api.close()));
});

type Stored = Record<string, unknown> & { metadata: Record<string, unknown> };

/** An API server with one project and its Jobs, which keeps what is written and refuses a stale resource version. */
async function startStore(plans: readonly Plan[]) {
  let stored = rawProject({ plans }) as Stored;
  let version = 1;
  const jobs = new Map<string, Stored>();
  const store = {
    jobs,
    conflicts: 0,
    api: undefined as unknown as FakeApi,
    project: (): DbtProject => parseDbtProject(stored),
    annotate(name: string, outcome: Outcome): void {
      const text = outcomeText(`uid-of-${name}`, outcome);
      jobs.get(name)!.metadata['annotations'] = { [annotations.outcome]: text };
    },
    end(name: string, outcome: Outcome): void {
      const type = outcome.result === 'succeeded' ? 'Complete' : 'Failed';
      jobs.get(name)!['status'] = { conditions: [{ type, status: 'True' }] };
      store.annotate(name, outcome);
    },
  };
  const create = (made: Stored): Stored => {
    const metadata = {
      ...made.metadata,
      uid: `uid-of-${String(made.metadata['name'])}`,
      resourceVersion: '1',
      creationTimestamp: '2026-11-23T01:00:00Z',
    };
    jobs.set(String(made.metadata['name']), { ...made, metadata });
    return { ...made, metadata };
  };
  const replace = (sent: Stored): [status: number, body: unknown] => {
    if (store.conflicts > 0 || sent.metadata['resourceVersion'] !== String(version)) {
      store.conflicts -= 1;
      return [409, { message: 'the object has been modified' }];
    }
    version += 1;
    stored = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(version) } };
    return [200, stored];
  };
  const answerOf = ({ method, path, body }: FakeRequest): [status: number, body: unknown] => {
    const job = jobs.get(path.split('/').at(-1) ?? '');
    if (path.includes('/events')) return [201, {}];
    if (method === 'POST') return [201, create(body as Stored)];
    if (path.includes('/jobs/')) return job === undefined ? [404, {}] : [200, job];
    return method === 'GET' ? [200, stored] : replace(body as Stored);
  };
  const answer = (request: FakeRequest, response: ServerResponse) => json(response, ...answerOf(request));
  store.api = await startFakeApi(answer);
  apis.push(store.api);
  const ended: string[] = [];
  const shell = {
    client: store.api.client,
    log: pino({ enabled: false }),
    reportingInstance: 'watcher-0',
    now: () => Date.parse('2026-11-23T05:00:00.123Z'),
    onPlanEnded: (_: DbtProject, phase: string) => ended.push(phase),
  };
  return { store, ended, reconcile: () => reconcilePlans(shell, 'shop', 'shop') };
}

const nameOf = (id: string) => planJobName(project(), plan(id));
const succeeded: Outcome = { result: 'succeeded', reason: 'DbtSucceeded', message: 'dbt succeeded' };

describe('reconcilePlans', () => {
  it('makes one Job for the oldest Candidate and records it', async () => {
    const { store, reconcile } = await startStore([
      plan('b', { createdAt: '2026-11-23T02:00:00Z' }),
      plan('a'),
    ]);
    await reconcile();
    await reconcile();
    expect([...store.jobs.keys()]).toEqual([nameOf('a')]);
    expect(nameOf('a')).toMatch(/^dbt-plan-[0-9a-f]{10}$/);
    expect(store.project().status.plans).toEqual([
      plan('b', { createdAt: '2026-11-23T02:00:00Z' }),
      plan('a', { jobName: nameOf('a'), jobUID: `uid-of-${nameOf('a')}` }),
    ]);
  });

  it('promotes what succeeded, fails what failed, and leaves the last success in force', async () => {
    const { store, ended, reconcile } = await startStore([
      plan('a'),
      plan('b', { createdAt: '2026-11-23T02:00:00Z' }),
    ]);
    await reconcile();
    store.end(nameOf('a'), succeeded);
    await reconcile();
    store.end(nameOf('b'), { result: 'failed', reason: 'DbtUnhandledError', message: 'no profile' });
    await reconcile();
    const { plan: inForce, plans } = store.project().status;
    expect([inForce, ended]).toEqual(['a', ['Promoted', 'Failed']]);
    expect(plans.map(({ id, phase, finishedAt, message }) => ({ id, phase, finishedAt, message }))).toEqual([
      { id: 'a', phase: 'Promoted', finishedAt: '2026-11-23T05:00:00Z', message: undefined },
      {
        id: 'b',
        phase: 'Failed',
        finishedAt: '2026-11-23T05:00:00Z',
        message: 'DbtUnhandledError: no profile',
      },
    ]);
  });

  it('is not promoted by an annotation on a Job that is not Complete', async () => {
    const { store, reconcile } = await startStore([plan('a')]);
    await reconcile();
    store.annotate(nameOf('a'), succeeded);
    await reconcile();
    expect(store.project().status.plans.map(({ phase }) => phase)).toEqual(['Candidate']);
  });

  it('finds the Job again that it made before it died', async () => {
    const { store, reconcile } = await startStore([plan('a')]);
    store.conflicts = 99;
    await expect(reconcile()).rejects.toMatchObject({ status: 409 });
    expect(store.project().status.plans[0]?.jobUID).toBeUndefined();
    store.conflicts = 0;
    await reconcile();
    expect([store.jobs.size, store.project().status.plans[0]?.jobUID]).toEqual([1, `uid-of-${nameOf('a')}`]);
  });

  it('writes over no one: after a conflict it reads again', async () => {
    const { store, reconcile } = await startStore([plan('a')]);
    store.conflicts = 2;
    await reconcile();
    expect(store.project().status.plans[0]?.jobUID).toBe(`uid-of-${nameOf('a')}`);
  });
});

describe('reconcileReady', () => {
  it('writes once, and nothing when nothing has changed', async () => {
    const { store } = await startStore([]);
    const shell = {
      client: store.api.client,
      now: () => Date.parse('2026-11-23T05:00:00Z'),
      limitRanges: () => [],
      quotas: () => [],
    };
    await reconcileReady(shell, 'shop', 'shop');
    await reconcileReady({ ...shell, now: () => Date.parse('2026-11-23T06:00:00Z') }, 'shop', 'shop');
    expect(store.api.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(store.project().status).toEqual({
      observedGeneration: 3,
      plans: [],
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          observedGeneration: 3,
          lastTransitionTime: '2026-11-23T05:00:00Z',
          reason: 'NoPlan',
          message: 'no plan is in force: make one with "kubectl dbt plan"',
        },
      ],
    });
  });
});
