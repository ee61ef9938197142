import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { createHttpServer } from './http.ts';
import { createKubeClient } from './kube/client.ts';
import { createSlackClient, type SlackClient } from './slack/slack-client.ts';
import { watchSettings } from './watch.ts';
import { startWatcher } from './watcher.ts';

const config = readConfig();
const log = pino({ level: config.logLevel, base: { component: 'watcher' } });
const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();

const slack = config.slack && createSlackClient(config.slack);
if (slack !== undefined) void greet(slack);

const watcher = startWatcher({
  client: createKubeClient(kubeConfig),
  log,
  settings: { ...watchSettings, inactivityMs: config.inactivityMs },
  namespace: config.namespace,
  reportingInstance: config.podName,
  slack,
  runUrl: config.runUrl,
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  // An abort ends the wait; the caller looks at the signal itself.
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
});
const server = createHttpServer({ registry: watcher.metrics.registry, isReady: () => watcher.isReady() });
server.listen(config.port, () =>
  log.info({ port: config.port, namespace: config.namespace }, 'Started watcher'),
);

/** A wrong token is told at the start, not with the first failure. */
async function greet(client: SlackClient): Promise<void> {
  try {
    log.info({ workspace: await client.workspace(), channel: client.channel }, 'Connected to Slack');
  } catch (err) {
    log.error({ err, channel: client.channel }, 'Could not reach Slack: check the token of the Slack Secret');
  }
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  log.info({ signal }, 'Stopping watcher');
  server.close();
  server.closeIdleConnections();
  await watcher.stop();
}
process.once('SIGTERM', (signal) => void stop(signal));
process.once('SIGINT', (signal) => void stop(signal));
