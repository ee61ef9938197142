import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Gauge, Registry } from 'prom-client';
import { type Config, readConfig } from './config.ts';
import { createHttpServer } from './http.ts';
import { createControlPlane } from './ingest/control-plane.ts';
import { openOutbox } from './ingest/outbox.ts';
import { createKubeClient } from './kube/client.ts';
import { kubeconfigConnection, serviceAccountConnection } from './kube/connection.ts';
import { createLease, fenced, type Lease, leaseSettings } from './lease.ts';
import { releaseAll } from './release.ts';
import type { SlackShell } from './slack/destination.ts';
import { createSlackClient, postingWhile, type SlackClient } from './slack/slack-client.ts';
import { openSpool } from './spool/spool.ts';
import { watchSettings } from './watch.ts';
import { startWatcher, type Watcher } from './watcher.ts';

const config = readConfig();
const log = pino({ level: config.logLevel, base: { component: 'watcher' } });
const leaseName = 'dbt-jobs-watcher';

const clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  // An abort ends the wait; the caller looks at the signal itself.
  sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};
const connection =
  config.serviceAccount === undefined
    ? await kubeconfigConnection()
    : serviceAccountConnection({ ...config.serviceAccount, now: clock.now });
const client = createKubeClient(connection);

const stopping = new AbortController();
const stop = (signal: NodeJS.Signals) => {
  log.info({ signal }, 'Stopping');
  stopping.abort();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

const lease = leaseOf(config);
const mode = process.argv[2] ?? 'watch';
if (mode === 'watch') await watch();
else if (mode === 'release') await release();
else throw new Error(`"${mode}" is nothing to do\nuse: node watcher/main.ts [watch | release]`);

function leaseOf({ leaseNamespace, podName }: Config): Lease | undefined {
  if (leaseNamespace === undefined) return undefined;
  return createLease({
    ...clock,
    client,
    settings: leaseSettings,
    namespace: leaseNamespace,
    name: leaseName,
    identity: `${podName}_${process.pid}_${Date.now()}`,
    monotonic: () => performance.now(),
    onTrouble: (err) => log.warn({ err }, 'Could not renew the lease'),
  });
}

/** Leads at once where there is no lease to ask for. */
async function whenLeading(lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
  await (lease === undefined ? lead(stopping.signal) : lease.run(lead, stopping.signal));
}

async function watch(): Promise<void> {
  const stores = await openStores(config);
  const connect: SlackShell['connect'] = (connection) => {
    const made = createSlackClient({ ...config.slack, ...connection });
    return lease === undefined ? made : postingWhile(lease.isHeld, made);
  };
  const installation = config.slack.installation && connect(config.slack.installation);
  if (installation !== undefined) void greet(installation);
  let watcher: Watcher | undefined;
  const idle = idleRegistry();
  const server = createHttpServer({
    registry: () => watcher?.metrics.registry ?? idle,
    // One that waits for the lease is as ready as it can be.
    isReady: () => watcher?.isReady() ?? lease !== undefined,
  });
  server.listen(config.port, () => log.info({ port: config.port, namespace: config.namespace }, 'Started'));
  await whenLeading(async (signal) => {
    log.info('Leading');
    watcher = startWatcher({
      ...clock,
      ...stores,
      client: lease === undefined ? client : fenced(client, lease.isHeld),
      slack: { installation, connect },
      runUrl: config.runUrl,
      log,
      settings: { ...watchSettings, inactivityMs: config.inactivityMs, relistMs: config.relistMs },
      namespace: config.namespace,
      reportingInstance: config.podName,
      setTimer(callback, delayMs) {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    });
    await aborted(signal);
    await watcher.stop();
    watcher = undefined;
    log.info('Stopped leading');
  });
  server.close();
  server.closeAllConnections();
}

/** A wrong token is told at the start, not with the first failure. */
async function greet(client: SlackClient): Promise<void> {
  try {
    log.info({ workspace: await client.workspace(), channel: client.channel }, 'Connected to Slack');
  } catch (err) {
    log.error({ err, channel: client.channel }, 'Could not reach Slack: check the token of the Slack Secret');
  }
}

async function openStores({ spool: { folder, maxBytes }, controlPlane }: Config) {
  const spool = await openSpool({
    folder: join(folder, 'logs'),
    maxBytes,
    onDropped: (key) => log.warn(key, 'A log had to make room in the spool'),
  });
  if (controlPlane === undefined) return { spool, controlPlane };
  const outbox = await openOutbox(join(folder, 'outbox'));
  return { spool, controlPlane: { controlPlane: createControlPlane(controlPlane), outbox } };
}

/** Takes our finalizer from everything, as the only one who still could put it there. */
async function release(): Promise<void> {
  const done = new AbortController();
  const lead = async (signal: AbortSignal) => {
    await releaseAll({ ...clock, client, log, namespace: config.namespace }, signal);
    done.abort();
  };
  if (lease === undefined) await lead(stopping.signal);
  else await lease.run(lead, AbortSignal.any([stopping.signal, done.signal]));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What a watcher that waits for the lease has to say. */
function idleRegistry(): Registry {
  const registry = new Registry();
  const name = 'dbt_jobs_watcher_leading';
  new Gauge({ name, help: 'Whether this watcher is the one that works', registers: [registry] }).set(0);
  return registry;
}
