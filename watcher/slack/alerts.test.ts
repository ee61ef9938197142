import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { annotations } from '../../contract/names.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { type Job, parseJob } from '../kube/job.ts';
import { type FakeApi, json, startFakeApi } from '../testdata/fake-api.ts';
import { type FakeSlack, startFakeSlack } from '../testdata/fake-slack.ts';
import { conditions, rawJob } from '../testdata/objects.ts';
import { type Alerts, createAlerts } from './alerts.ts';
import { describeRun } from './describe.ts';
import { createSlackClient } from './slack-client.ts';

const token = 'xoxb-secret-of-the-workspace';
/** Shortly after the runs below have ended. */
const start = Date.parse('2026-11-23T02:10:30Z');

const failure: Outcome = {
  result: 'failed',
  reason: 'OOMKilled',
  message: 'container "dbt" was killed',
  container: 'dbt',
  exitCode: 137,
};
const success: Outcome = { result: 'succeeded', reason: 'DbtSucceeded', message: 'dbt succeeded' };

/** A run of the CronJob "nightly" that ended at `endedAt`. */
function run(uid: string, endedAt = '2026-11-23T02:10:00Z', more: Record<string, string> = {}): Job {
  const raw = rawJob({ conditions: conditions.backoff, annotations: more });
  const status = raw['status'] as { conditions: { lastTransitionTime: string }[] };
  const owner = { kind: 'CronJob', name: 'nightly', uid: 'cron', controller: true };
  return parseJob({
    ...raw,
    metadata: { ...(raw['metadata'] as object), uid, name: `nightly-${uid}`, ownerReferences: [owner] },
    status: {
      ...status,
      conditions: status.conditions.map((one) => ({ ...one, lastTransitionTime: endedAt })),
    },
  });
}

/** A run that belongs to no job. */
function alone(uid: string): Job {
  const one = run(uid);
  return { ...one, metadata: { ...one.metadata, ownerReferences: [] } };
}

let slack: FakeSlack;
let api: FakeApi;
let clock: number;
let logged: string[];
let kubeStatus: number;
/** Timers of more than ten seconds wait here, where a test has made a place for them. */
let longTimers: (() => void)[] | undefined;
const started: Alerts[] = [];

/** Time passes only where somebody waits for it. */
function startAlerts(
  channel = '#data',
  timeoutMs = 5000,
  ownerOf: (uid: string) => string = () => 'acme',
): Alerts {
  const made = createAlerts({
    client: api.client,
    destinationOf: ({ metadata }) =>
      Promise.resolve({
        slack: createSlackClient({ token, channel, apiUrl: slack.url, timeoutMs }),
        owner: ownerOf(metadata.uid),
      }),
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    now: () => clock,
    random: () => 0.5,
    setTimer(callback, delayMs) {
      const at = clock + delayMs;
      const ring = () => {
        clock = Math.max(clock, at);
        callback();
      };
      if (longTimers !== undefined && delayMs > 10_000) {
        longTimers.push(ring);
        return () => undefined;
      }
      const timer = setImmediate(ring);
      return () => clearImmediate(timer);
    },
    sleep(ms) {
      clock += ms;
      return Promise.resolve();
    },
    describe: (one, outcome) =>
      describeRun(one, outcome, { projectName: 'shop', project: undefined, runUrl: undefined }),
    onMessage: () => undefined,
  });
  started.push(made);
  return made;
}

/** The runs that were marked, and what with. */
function marks(): [name: string | undefined, mark: unknown][] {
  return api.requests.map(({ path, body }) => {
    const { metadata } = body as { metadata: { annotations: Record<string, string> } };
    const mark: unknown = JSON.parse(metadata.annotations[annotations.slack] ?? '');
    return [path.split('/').at(-1), mark];
  });
}

const until = (condition: () => unknown) => vi.waitFor(() => expect(condition()).toBeTruthy(), 4500);

beforeEach(async () => {
  [clock, logged, kubeStatus, longTimers] = [start, [], 200, undefined];
  slack = await startFakeSlack(() => clock);
  api = await startFakeApi((_, response) => json(response, kubeStatus, {}));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
  await Promise.all([slack.close(), api.close()]);
});

describe('a failed run', () => {
  it('is told once, and marked with the message', async () => {
    const alerts = startAlerts();
    const one = run('one');
    alerts.consider(one, failure);
    alerts.consider(one, failure);
    await until(() => api.requests.length === 1);
    alerts.consider(one, failure);
    expect(slack.posted.map(({ channel, text }) => [channel, text])).toEqual([
      ['#data', 'shop / nightly failed: OOMKilled'],
    ]);
    const ts = '1700000000.000001';
    expect(marks()).toEqual([['nightly-one', { uid: 'one', channel: '#data', ts, thread: ts }]]);
    expect(slack.calls[0]?.authorization).toBe(`Bearer ${token}`);
  });

  it('J7: is not told again by a watcher that starts anew and finds the mark', async () => {
    const alerts = startAlerts();
    const mark = JSON.stringify({ uid: 'one', channel: '#data', ts: '1.1', thread: '1.1' });
    alerts.consider(run('one', undefined, { [annotations.slack]: mark }), failure);
    alerts.consider(alone('two'), failure);
    await until(() => api.requests.length === 1);
    expect(slack.posted.map(({ text }) => text)).toEqual(['shop / nightly-two failed: OOMKilled']);
  });

  it('is told, although it was copied with the mark of another', async () => {
    const alerts = startAlerts();
    const mark = JSON.stringify({ uid: 'other', channel: '#data', ts: '1.1', thread: '1.1' });
    alerts.consider(run('one', undefined, { [annotations.slack]: mark }), failure);
    await until(() => slack.posted.length === 1);
  });

  it('is no news an hour after its end', async () => {
    clock += 3600 * 1000;
    const alerts = startAlerts();
    alerts.consider(run('one'), failure);
    alerts.consider(run('two', '2026-11-23T03:00:00Z'), failure);
    await until(() => api.requests.length === 1);
    expect(marks()).toMatchObject([['nightly-two', { uid: 'two' }]]);
  });

  it('J8: is marked later where the API server does not take the mark, and told no second time', async () => {
    kubeStatus = 503;
    const alerts = startAlerts();
    alerts.consider(run('one'), failure);
    await until(() => api.requests.length >= 2);
    kubeStatus = 200;
    const refused = api.requests.length;
    await until(() => api.requests.length > refused);
    expect(slack.posted).toHaveLength(1);
  });
});

describe('the runs of a job', () => {
  it('fail in one thread, and recover in it once, for the channel to see', async () => {
    const alerts = startAlerts();
    alerts.consider(run('one', '2026-11-23T02:00:00Z'), failure);
    await until(() => api.requests.length === 1);
    alerts.consider(run('two', '2026-11-23T02:05:00Z'), failure);
    await until(() => api.requests.length === 2);
    alerts.consider(run('three', '2026-11-23T02:06:00Z'), success);
    await until(() => api.requests.length === 3);
    alerts.consider(run('four', '2026-11-23T02:07:00Z'), success);
    alerts.consider(run('five', '2026-11-23T02:08:00Z'), failure);
    await until(() => api.requests.length === 4);
    const first = '1700000000.000001';
    expect(
      slack.posted.map(({ text, thread_ts, reply_broadcast }) => [text, thread_ts, reply_broadcast]),
    ).toEqual([
      ['shop / nightly failed: OOMKilled', undefined, undefined],
      ['shop / nightly failed: OOMKilled', first, undefined],
      ['shop / nightly has recovered', first, 'true'],
      ['shop / nightly failed: OOMKilled', undefined, undefined],
    ]);
  });

  it('J7: go on in the thread after a restart, in whatever order they are seen', async () => {
    const before = startAlerts();
    before.consider(run('one', '2026-11-23T02:00:00Z'), failure);
    await until(() => api.requests.length === 1);
    const ts = slack.posted[0]?.ts ?? '';
    const mark = JSON.stringify({ uid: 'one', channel: '#data', ts, thread: ts });
    const after = startAlerts();
    after.consider(run('two', '2026-11-23T02:05:00Z'), success);
    after.consider(run('one', '2026-11-23T02:00:00Z', { [annotations.slack]: mark }), failure);
    await until(() => slack.posted.length === 2);
    expect(slack.posted[1]?.thread_ts).toBe(ts);
  });

  it('begin a new thread where Slack no longer has the old one', async () => {
    const alerts = startAlerts();
    const mark = JSON.stringify({ uid: 'one', channel: '#data', ts: '9.9', thread: '9.9' });
    alerts.consider(run('one', '2026-11-23T02:00:00Z', { [annotations.slack]: mark }), failure);
    alerts.consider(run('two', '2026-11-23T02:05:00Z'), failure);
    await until(() => slack.posted.length === 1);
    expect(slack.posted[0]?.thread_ts).toBeUndefined();
    expect(slack.calls).toHaveLength(2);
  });

  it('begin a new thread in another channel', async () => {
    const alerts = startAlerts('#other');
    const mark = JSON.stringify({ uid: 'one', channel: '#data', ts: '9.9', thread: '9.9' });
    alerts.consider(run('one', '2026-11-23T02:00:00Z', { [annotations.slack]: mark }), failure);
    alerts.consider(run('two', '2026-11-23T02:05:00Z'), failure);
    await until(() => slack.posted.length === 1);
    expect(slack.posted[0]).toMatchObject({ channel: '#other' });
    expect(slack.calls).toHaveLength(1);
  });
});

describe('Slack', () => {
  it('J29: gets at most a message in 1.1 s, in the order of the runs', async () => {
    const alerts = startAlerts();
    const uids = ['a', 'b', 'c', 'd', 'e'];
    for (const uid of uids)
      alerts.consider({ ...run(uid), metadata: { ...run(uid).metadata, ownerReferences: [] } }, failure);
    await until(() => api.requests.length === 5);
    expect(slack.posted.map(({ text }) => text)).toEqual(
      uids.map((uid) => `shop / nightly-${uid} failed: OOMKilled`),
    );
    const gaps = slack.posted.slice(1).map(({ at }, index) => at - (slack.posted[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1100);
  });

  it('J29: is left alone as long as its Retry-After asks, and then gets the message once', async () => {
    const alerts = startAlerts();
    slack.faults.push({ status: 429, retryAfterSeconds: 42 });
    alerts.consider(run('one'), failure);
    await until(() => api.requests.length === 1);
    expect(slack.calls).toHaveLength(2);
    expect((slack.posted[0]?.at ?? 0) - start).toBeGreaterThanOrEqual(42_000);
  });

  it('that asks one organization to wait takes the messages of the others meanwhile', async () => {
    const alerts = startAlerts('#data', 5000, (uid) => (uid === 'one' ? 'acme' : 'globex'));
    longTimers = [];
    slack.faults.push({ status: 429, retryAfterSeconds: 42 });
    alerts.consider(alone('one'), failure);
    alerts.consider(alone('two'), failure);
    await until(() => api.requests.length === 1);
    expect(slack.posted.map(({ text }) => text)).toEqual(['shop / nightly-two failed: OOMKilled']);
    for (const ring of longTimers) ring();
    await until(() => api.requests.length === 2);
    expect(slack.posted[1]?.text).toBe('shop / nightly-one failed: OOMKilled');
  });

  const passing: Record<string, FakeSlack['faults'][number]> = {
    'answers with 503': { status: 503 },
    'says internal_error': { error: 'internal_error' },
    'does not answer in time': 'silence',
  };
  it.each(Object.entries(passing))('J29: that %s gets the message later', async (_, fault) => {
    const alerts = startAlerts('#data', fault === 'silence' ? 300 : 5000);
    slack.faults.push(fault, fault);
    alerts.consider(run('one'), failure);
    await until(() => api.requests.length === 1);
    expect(slack.calls).toHaveLength(3);
    expect(slack.posted).toHaveLength(1);
  });

  it.each(['invalid_auth', 'channel_not_found', 'not_in_channel'])(
    'that says %s is asked again in five minutes, and the log says what to do',
    async (error) => {
      const alerts = startAlerts();
      slack.faults.push({ error });
      alerts.consider(run('one'), failure);
      await until(() => slack.posted.length === 1);
      expect((slack.posted[0]?.at ?? 0) - start).toBeGreaterThanOrEqual(300_000);
      expect(logged.join('')).toContain('check the token and the channel of the Slack Secret');
    },
  );

  it('S19: never sees its token in our log, whatever goes wrong', async () => {
    const alerts = startAlerts('#data', 300);
    slack.faults.push({ status: 500 }, { error: 'invalid_auth' }, 'silence', { error: 'fatal_error' });
    alerts.consider(run('one'), failure);
    await until(() => api.requests.length === 1);
    expect(logged.length).toBeGreaterThan(3);
    expect(logged.join('')).not.toContain(token);
  });

  it('tells the workspace of a token', async () => {
    const client = createSlackClient({ token, channel: '#data', apiUrl: slack.url, timeoutMs: 1000 });
    expect(await client.workspace()).toBe('Shop');
    slack.faults.push({ error: 'invalid_auth' });
    await expect(client.workspace()).rejects.toThrow('Slack refused: invalid_auth');
  });
});
