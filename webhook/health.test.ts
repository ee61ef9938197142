import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealthApp } from './health.ts';
import { createPlainServer } from './listen.ts';
import { createMetrics } from './metrics.ts';

const servers: ReturnType<typeof createPlainServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function read(path: string, notReady: readonly string[] = []) {
  const metrics = createMetrics({ certificateExpiresAt: () => 5000, projectCacheAgeMs: () => undefined });
  metrics.admitted({ resource: 'pods', result: 'injected', dryRun: true, seconds: 0.0012 });
  const app = createHealthApp({ metrics, notReady: () => notReady });
  const server = createPlainServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return [answer.status, await answer.text()] as const;
}

describe('the health port', () => {
  it('says that the process lives', async () => expect(await read('/healthz')).toEqual([200, 'ok\n']));
  it('says that it lives while it is not ready', async () =>
    expect(await read('/healthz', ['a'])).toEqual([200, 'ok\n']));
  it('says that it is ready', async () => expect(await read('/readyz')).toEqual([200, 'ok\n']));
  it('says everything that it waits for', async () =>
    expect(await read('/readyz', ['a', 'b'])).toEqual([503, 'not ready: a; b\n']));

  it('tells the metrics', async () => {
    const [status, text] = await read('/metrics');
    const ours = text.split('\n').filter((line) => line.startsWith('dbt_jobs_webhook_'));
    expect(status).toBe(200);
    expect(ours).toContain('dbt_jobs_webhook_certificate_expiry_timestamp_seconds 5');
    expect(ours).toContain('dbt_jobs_webhook_project_cache_age_seconds Nan');
    expect(ours).toContain(
      'dbt_jobs_webhook_admission_duration_seconds_bucket{le="0.001",resource="pods"} 0',
    );
    expect(ours).toContain(
      'dbt_jobs_webhook_admission_duration_seconds_bucket{le="0.0015",resource="pods"} 1',
    );
    expect(ours).toContain(
      'dbt_jobs_webhook_admissions_total{resource="pods",result="injected",dry_run="true"} 1',
    );
  });
});
