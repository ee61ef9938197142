import { expect, it } from 'vitest';
import { annotations, finalizer } from '../../contract/names.ts';
import { startFakeSlack } from '../testdata/fake-slack.ts';
import { conditions, rawJob, rawPod, terminated } from '../testdata/objects.ts';
import { eventually, startWorld } from '../testdata/world.ts';
import { createSlackClient, postingWhile } from './slack-client.ts';

/** Half a minute after the run of the test data has ended. */
const now = Date.parse('2026-11-23T02:10:30Z');

it('a run that fails is held, decided, told in Slack once, marked and let go, also for the watcher after it', async () => {
  const slack = await startFakeSlack(() => now);
  const world = await startWorld();
  const client = createSlackClient({ token: 'xoxb-0', channel: '#data', apiUrl: slack.url, timeoutMs: 5000 });
  const job = () => world.server.get('jobs', 'nightly-1')?.metadata;
  try {
    const first = await world.start({ controlPlane: 'none', slack: client });
    world.server.put('jobs', rawJob());
    world.server.put('pods', rawPod());
    await eventually(() => expect(job()?.finalizers).toEqual([finalizer]));
    world.server.put(
      'pods',
      rawPod({ containers: { dbt: terminated(137, 'OOMKilled') }, status: { phase: 'Failed' } }),
    );
    const { status } = rawJob({ conditions: conditions.backoff, failed: 1 });
    world.server.put('jobs', { ...world.server.get('jobs', 'nightly-1'), status });
    await eventually(() => expect(job()?.annotations?.[annotations.slack]).toContain('job-uid'));
    await eventually(() => expect(job()?.finalizers).toEqual([]));
    expect(await first.metrics.registry.metrics()).toContain(
      'dbt_jobs_notifications_total{channel="slack",result="sent"} 1',
    );
    await first.stop();
    const next = rawJob({ conditions: conditions.backoff, failed: 1 });
    const metadata = { ...(next['metadata'] as object), name: 'nightly-2', uid: 'second-uid' };
    const pod = rawPod({
      name: 'nightly-2-abcde',
      containers: { dbt: terminated(137, 'OOMKilled') },
      status: { phase: 'Failed' },
    });
    const ownerReferences = [
      { apiVersion: 'batch/v1', kind: 'Job', name: 'nightly-2', uid: 'second-uid', controller: true },
    ];
    world.server.put('pods', { ...pod, metadata: { ...(pod['metadata'] as object), ownerReferences } });
    world.server.put('jobs', { ...next, metadata });
    await world.start({ controlPlane: 'none', slack: client });
    // One at a time in the order of their coming: the first run's would be before it.
    await eventually(() =>
      expect(slack.posted.map(({ text }) => text)).toEqual([
        'shop / nightly-1 failed: OOMKilled',
        'shop / nightly-2 failed: OOMKilled',
      ]),
    );
  } finally {
    await Promise.all([world.close(), slack.close()]);
  }
});

it('an organization that is connected by its own Secret is told there, not in the Slack of the installation', async () => {
  const [ours, theirs] = [await startFakeSlack(() => now), await startFakeSlack(() => now)];
  const world = await startWorld();
  const clientOf = (token: string, channel: string, apiUrl: string) =>
    createSlackClient({ token, channel, apiUrl, timeoutMs: 5000 });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  try {
    const secret = { token: base64('xoxb-of-the-shop'), channel: base64('#shop') };
    world.server.put('secrets', { metadata: { name: 'dbt-jobs-slack', namespace: 'shop' }, data: secret });
    await world.start({
      controlPlane: 'none',
      slack: clientOf('xoxb-0', '#all', theirs.url),
      connect: ({ token, channel }) => clientOf(token, channel, ours.url),
    });
    world.server.put('jobs', rawJob());
    const dbt = terminated(137, 'OOMKilled');
    world.server.put('pods', rawPod({ containers: { dbt }, status: { phase: 'Failed' } }));
    await eventually(() =>
      expect(world.server.get('jobs', 'nightly-1')?.metadata.finalizers).toEqual([finalizer]),
    );
    const { status } = rawJob({ conditions: conditions.backoff, failed: 1 });
    world.server.put('jobs', { ...world.server.get('jobs', 'nightly-1'), status });
    await eventually(() => expect(ours.posted.map(({ channel }) => channel)).toEqual(['#shop']));
    expect(ours.calls).toEqual([{ method: 'chat.postMessage', authorization: 'Bearer xoxb-of-the-shop' }]);
    expect(theirs.calls).toEqual([]);
  } finally {
    await Promise.all([world.close(), ours.close(), theirs.close()]);
  }
});

it('a watcher that lost the lease posts nothing', async () => {
  const slack = await startFakeSlack(() => now);
  const client = createSlackClient({ token: 'xoxb-0', channel: '#data', apiUrl: slack.url, timeoutMs: 5000 });
  let held = true;
  const leading = postingWhile(() => held, client);
  try {
    await leading.post({ text: 'first', blocks: [] }, {});
    held = false;
    await expect(leading.post({ text: 'second', blocks: [] }, {})).rejects.toMatchObject({
      code: 'not_leading',
    });
    expect(slack.posted.map(({ text }) => text)).toEqual(['first']);
  } finally {
    await slack.close();
  }
});
