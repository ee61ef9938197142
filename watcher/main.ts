import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { createHttpServer } from './http.ts';
import { createKubeClient } from './kube/client.ts';
import { watchSettings } from './watch.ts';
import { startWatcher } from './watcher.ts';

const config = readConfig();
const log = pino({ level: config.logLevel, base: { component: 'watcher' } });
const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();

const watcher = startWatcher({
  client: createKubeClient(kubeConfig),
  log,
  settings: { ...watchSettings, inactivityMs: config.inactivityMs },
  namespace: config.namespace,
  reportingInstance: config.podName,
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

async function stop(signal: NodeJS.Signals): Promise<void> {
  log.info({ signal }, 'Stopping watcher');
  server.close();
  server.closeIdleConnections();
  await watcher.stop();
}
process.once('SIGTERM', (signal) => void stop(signal));
process.once('SIGINT', (signal) => void stop(signal));
