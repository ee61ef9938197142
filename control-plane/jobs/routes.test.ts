import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectPath } from '../kube/path.ts';
import { scheduleRoutes } from '../schedule/routes.ts';
import { startApi, type TestApi } from '../testdata/api.ts';
import { jobRoutes } from './routes.ts';
import { nightly } from './testdata/settings.ts';

const jobs = '/organizations/acme/projects/shop/jobs';
const cronJob = (name: string) => objectPath('cronjobs', 'acme', name);
let api: TestApi;

beforeEach(async () => {
  api = await startApi([...jobRoutes, ...scheduleRoutes]);
  const spec = {
    repository: { url: 'https://git.example.com/acme/shop.git' },
    resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
  };
  api.kube.put(objectPath('dbtprojects', 'acme', 'shop'), {
    metadata: { name: 'shop', namespace: 'acme', uid: 'p1' },
    spec,
  });
});
afterEach(() => api.close());

const create = (name = 'nightly', settings: object = nightly) => api.call('POST', jobs, { name, settings });

describe('POST …/jobs', () => {
  it('creates a CronJob as the user, and tells it', async () => {
    expect(await create()).toEqual({
      status: 201,
      body: {
        name: 'nightly',
        project: 'shop',
        resourceVersion: 'uid-2.1',
        createdAt: '2026-02-03T10:00:00.000Z',
        argv: ['dbt', 'build'],
        schedule: {
          ...nightly.schedule,
          reading: 'Every day at 03:00',
          next: [4, 5, 6, 7, 8].map((day) => `2026-02-0${day}T02:00:00.000Z`),
          warnings: [],
        },
        paused: false,
        settings: nightly,
        lastRuns: [],
      },
    });
    expect(api.kube.writes).toEqual([
      { by: 'ann', method: 'POST', path: '/apis/batch/v1/namespaces/acme/cronjobs' },
    ]);
    expect(await api.store.audit.list('acme', { limit: 5 })).toMatchObject({
      entries: [{ user: 'ann', action: 'job.create', object: 'CronJob/nightly' }],
    });
  });

  it('says that a name is taken', async () => {
    await create();
    expect(await create()).toEqual({
      status: 409,
      body: {
        status: 409,
        title: 'There is a CronJob nightly in acme already',
        detail: 'Choose another name.',
        errors: [{ field: 'name', message: 'is taken: names are those of all CronJobs of the organization' }],
      },
    });
  });

  it('says that there is no such project', async () => {
    expect(
      await api.call('POST', '/organizations/acme/projects/none/jobs', { name: 'a', settings: nightly }),
    ).toEqual({
      status: 404,
      body: { status: 404, title: 'Project none of acme is not here' },
    });
  });

  const schedule = (cron: string, timeZone = 'UTC') => ({ ...nightly, schedule: { cron, timeZone } });
  it.each([
    ['an unknown dbt command', { ...nightly, command: 'drop' }, 'settings.command'],
    ['a field that is none', { ...nightly, image: 'x' }, 'settings.image'],
    ['a field of the wrong type', { ...nightly, retries: '3' }, 'settings.retries'],
    ['no schedule', { ...nightly, schedule: undefined }, 'settings.schedule'],
    ['a cron with seconds', schedule('0 0 3 * * *'), 'settings.schedule.cron'],
    ['the last day of a month', schedule('0 3 L * *'), 'settings.schedule.cron'],
    ['31 February', schedule('0 3 31 2 *'), 'settings.schedule.cron'],
    ['an unknown zone', schedule('0 3 * * *', 'Mars/Olympus'), 'settings.schedule.timeZone'],
    [
      'a selector that is an option',
      { ...nightly, options: { select: ['--vars'] } },
      'settings.options.select[0]',
    ],
    [
      'more selectors than there is room for',
      { ...nightly, options: { select: Array(51).fill('a') } },
      'settings.options.select',
    ],
  ])('refuses %s', async (_, settings, field) => {
    const { status, body } = await create('nightly', settings);
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(api.kube.writes).toEqual([]);
  });

  it.each([
    ['Nightly', 400],
    ['a'.repeat(53), 400],
    ['a'.repeat(52), 201],
  ])('takes names that leave room for those of runs: %s', async (name, status) => {
    expect((await create(name)).status).toBe(status);
  });

  it.each([
    ['too large', JSON.stringify({ name: 'a'.repeat(200_000) }), 413],
    ['too deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 400],
    ['not JSON', '{', 400],
    ['a list', '[]', 400],
  ])('refuses a body that is %s', async (_, body, status) => {
    expect((await api.call('POST', jobs, body)).status).toBe(status);
  });

  it('keeps shell characters as letters of a word, and $( ) from Kubernetes', async () => {
    const options = { select: ['$(PASSWORD); rm -rf / | x'], vars: '{"a": "$(PASSWORD)"}' };
    const { body } = await create('nightly', { ...nightly, options });
    const argv = ['dbt', 'build', '--select', '$(PASSWORD); rm -rf / | x', '--vars', '{"a": "$(PASSWORD)"}'];
    expect(body).toMatchObject({ argv, settings: { options } });
    expect(JSON.stringify(api.kube.objects.get(cronJob('nightly')))).toContain('$$(PASSWORD); rm -rf / | x');
  });
});

describe('PUT …/jobs/:job', () => {
  const change = (settings: object, resourceVersion = 'uid-2.1') =>
    api.call('PUT', `${jobs}/nightly`, { resourceVersion, settings });

  it('changes what the settings say, as the user', async () => {
    await create();
    const settings = { ...nightly, paused: true, retries: 1 };
    expect(await change(settings)).toMatchObject({
      status: 200,
      body: { settings, paused: true, resourceVersion: 'uid-2.2' },
    });
    expect(api.kube.writes.at(-1)).toEqual({ by: 'ann', method: 'PUT', path: cronJob('nightly') });
  });

  it('takes no notice of what the controller writes meanwhile', async () => {
    await create();
    const before = api.kube.objects.get(cronJob('nightly')) ?? {};
    api.kube.put(cronJob('nightly'), { ...before, status: { lastScheduleTime: '2026-02-03T03:00:00Z' } });
    expect((await change({ ...nightly, paused: true })).status).toBe(200);
  });

  it('tells what somebody else has changed meanwhile, and does not undo it', async () => {
    await create();
    await change({ ...nightly, schedule: { ...nightly.schedule, cron: '0 5 * * *' }, retries: 2 });
    expect(await change({ ...nightly, paused: true })).toEqual({
      status: 409,
      body: {
        status: 409,
        title: 'Somebody else has changed nightly since you opened it',
        detail: 'Load it again, and make the change once more.',
        errors: [
          { field: 'settings.schedule.cron', message: 'is "0 5 * * *" by now' },
          { field: 'settings.retries', message: 'is 2 by now' },
          { field: 'settings.paused', message: 'is false by now' },
        ],
      },
    });
  });

  it('refuses to change what is kept in git', async () => {
    await create();
    const before = api.kube.objects.get(cronJob('nightly'));
    const annotations = { 'argocd.argoproj.io/tracking-id': 'x' };
    api.kube.put(cronJob('nightly'), { ...before, metadata: { ...before?.metadata, annotations } });
    expect(await change({ ...nightly, paused: true })).toMatchObject({
      status: 409,
      body: {
        title: 'nightly is not changed here',
        detail:
          'Argo CD keeps it as it is written elsewhere, and would undo a change made here. Change it where it was written.',
      },
    });
    expect((await api.call('DELETE', `${jobs}/nightly`)).status).toBe(409);
    expect((await api.call('GET', `${jobs}/nightly`)).body).toMatchObject({
      settings: nightly,
      readOnly: { by: 'Argo CD' },
    });
  });
});

const byHand = (name: string, project: string, words: readonly string[]) => ({
  metadata: { name, namespace: 'acme' },
  spec: {
    schedule: '0 3 * * *',
    jobTemplate: {
      spec: {
        template: {
          metadata: { labels: { 'dbt-jobs.io/project': project } },
          spec: { containers: [{ name: 'dbt', image: 'plan:current', command: words }] },
        },
      },
    },
  },
});

describe('GET …/jobs', () => {
  it('shows what somebody wrote by hand, and why it is not changed here', async () => {
    api.kube.put(cronJob('steps'), byHand('steps', 'shop', ['sh', '-c', 'dbt seed && dbt build']));
    api.kube.put(cronJob('other'), byHand('other', 'blog', ['dbt', 'run']));
    api.kube.put(cronJob('unlabelled'), {
      metadata: { name: 'unlabelled', namespace: 'acme' },
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
    });
    const { body } = await api.call('GET', jobs);
    expect(body).toMatchObject([
      {
        name: 'steps',
        argv: ['sh', '-c', 'dbt seed && dbt build'],
        schedule: {
          timeZone: 'UTC',
          warnings: [
            "The CronJob names no time zone: it is that of Kubernetes' controller, mostly UTC",
            'The CronJob has no startingDeadlineSeconds: a start that was missed is made up for however late it is',
          ],
        },
        readOnly: {
          reason:
            'It was written by hand in a way that cannot be set here: its command is none of dbt build, dbt run, dbt test, dbt snapshot, dbt seed',
        },
      },
    ]);
    expect((await api.call('GET', `${jobs}/other`)).status).toBe(404);
    expect((await api.call('GET', `${jobs}/unlabelled`)).status).toBe(404);
  });

  it('tells the last runs of each', async () => {
    await create();
    const at = (minute: number) => `2026-02-03T09:${String(minute).padStart(2, '0')}:00.000Z`;
    const run = {
      uid: 'r1',
      kind: 'Job',
      namespace: 'acme',
      name: 'nightly-1',
      project: 'shop',
      job: 'nightly',
    } as const;
    await api.store.ingest([
      {
        kind: 'progress',
        run,
        observedAt: at(10),
        phase: 'ended',
        trigger: { kind: 'schedule' },
        createdAt: at(1),
        startedAt: at(2),
        endedAt: at(4),
        command: ['dbt', 'build'],
        attempts: [],
      },
      {
        kind: 'outcome',
        run,
        decidedAt: at(10),
        outcome: { result: 'succeeded', reason: 'DbtSucceeded', message: 'done' },
      },
    ]);
    expect((await api.call('GET', `${jobs}/nightly`)).body).toMatchObject({
      lastRuns: [
        { uid: 'r1', name: 'nightly-1', phase: 'ended', result: 'succeeded', createdAt: at(1), seconds: 120 },
      ],
    });
  });
});

describe('DELETE …/jobs/:job', () => {
  it('deletes the CronJob, and what it owns', async () => {
    await create();
    expect(await api.call('DELETE', `${jobs}/nightly`)).toEqual({ status: 204, body: undefined });
    expect(api.kube.objects.has(cronJob('nightly'))).toBe(false);
    expect((await api.call('DELETE', `${jobs}/nightly`)).status).toBe(404);
  });
});

describe('GET /schedule', () => {
  it('reads a schedule', async () => {
    const { body } = await api.call('GET', '/schedule?cron=0+3+*+*+*&timeZone=Europe/Amsterdam');
    expect(body).toMatchObject({ reading: 'Every day at 03:00' });
  });

  it('says all that is wrong with one', async () => {
    expect(await api.call('GET', '/schedule?cron=61+3+*+*+*&timeZone=Nowhere')).toEqual({
      status: 400,
      body: {
        status: 400,
        title: '2 fields are wrong',
        errors: [
          { field: 'cron', message: 'minute "61": must be of 0-59, with * , - and / only' },
          {
            field: 'timeZone',
            message:
              '"Nowhere" must be UTC or a time zone of the IANA list, in its spelling: Europe/Amsterdam, America/New_York',
          },
        ],
      },
    });
  });
});
