import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { annotations } from '../../contract/names.ts';
import { json, startFakeApi } from '../testdata/fake-api.ts';
import { startFakeSlack } from '../testdata/fake-slack.ts';
import { conditions, rawJob, rawPod, terminated } from '../testdata/objects.ts';
import { watchSettings } from '../watch.ts';
import { startWatcher } from '../watcher.ts';
import { createSlackClient } from './slack-client.ts';

/** Half a minute after the run of the test data has ended. */
const now = Date.parse('2026-11-23T02:10:30Z');

it('a run that fails is decided, reported and told in Slack by one watcher', async () => {
  const slack = await startFakeSlack(() => now);
  const items: Record<string, unknown[]> = {
    '/apis/batch/v1/jobs': [rawJob({ conditions: conditions.backoff })],
    '/api/v1/pods': [
      rawPod({ containers: { dbt: terminated(137, 'OOMKilled') }, status: { phase: 'Failed' } }),
    ],
  };
  items['/api/v1/namespaces/shop/pods'] = items['/api/v1/pods'] ?? [];
  const api = await startFakeApi(({ method, path, query }, response) => {
    if (query.has('watch')) return;
    if (path.endsWith('/log')) response.end('');
    else if (method === 'GET')
      json(response, 200, { metadata: { resourceVersion: '1' }, items: items[path] ?? [] });
    else json(response, 200, {});
  });
  const watcher = startWatcher({
    client: api.client,
    slack: createSlackClient({ token: 'xoxb-0', channel: '#data', apiUrl: slack.url, timeoutMs: 5000 }),
    runUrl: undefined,
    log: pino({ level: 'silent' }),
    settings: watchSettings,
    namespace: undefined,
    reportingInstance: 'watcher-0',
    now: () => now,
    random: () => 0.5,
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, 10));
      return () => clearTimeout(timer);
    },
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  });
  const marked = () =>
    api.requests.filter(
      ({ method, body }) => method === 'PATCH' && JSON.stringify(body).includes(annotations.slack),
    );
  try {
    await vi.waitFor(() => expect(marked()).toHaveLength(1), 4500);
    expect(slack.posted.map(({ text }) => text)).toEqual(['shop / nightly-1 failed: OOMKilled']);
    expect(await watcher.metrics.registry.metrics()).toContain(
      'dbt_jobs_notifications_total{channel="slack",result="sent"} 1',
    );
  } finally {
    await Promise.all([watcher.stop(), slack.close(), api.close()]);
  }
});
