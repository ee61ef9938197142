import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { kubeConfigConnection, serviceAccountConnection } from './api-connection.ts';
import { connectApiServer } from './api-server.ts';
import { readConfig } from './config.ts';
import { createHealthApp } from './health.ts';
import { keepCertificates } from './keep-certificates.ts';
import { createPlainServer, createTlsServer, listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { createProjectCache } from './project-cache.ts';
import { projectFinder } from './projects.ts';
import { findUnready } from './readiness.ts';
import { createApp } from './server.ts';
import { shutDown } from './shut-down.ts';
import { watchProjects } from './watch-projects.ts';

const config = readConfig();
const log = pino({ level: config.logLevel, base: { component: 'webhook' } });
const api = connectApiServer(
  config.apiServer === undefined
    ? await kubeConfigConnection()
    : serviceAccountConnection({ ...config.apiServer, now: Date.now }),
);
const cache = createProjectCache(Date.now);
const stop = new AbortController();
const state: { expiresAt?: number; shuttingDown: boolean } = { shuttingDown: false };

const metrics = createMetrics({
  certificateExpiresAt: () => state.expiresAt,
  projectCacheAgeMs: () => cache.ageMs(),
});
const server = createTlsServer(
  createApp({
    findProject: projectFinder(api, cache),
    settings: { gitSyncImage: config.gitSyncImage },
    log,
    metrics,
    isShuttingDown: () => state.shuttingDown,
  }),
);
const notReady = () => findUnready({ ...state, now: Date.now(), projectsListed: cache.isSynced() });
const health = createPlainServer(createHealthApp({ notReady, metrics }));

/** Ends early, and quietly, when the process is to end. */
const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
  await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
};

process.once('SIGTERM', () => {
  state.shuttingDown = true;
  log.info('Received SIGTERM');
  void shutDown(server, sleep).then((ended) => {
    stop.abort();
    health.close();
    health.closeAllConnections();
    log.info({ ended }, 'Shut down');
  });
});

await listen(health, config.healthPort);
await listen(server, config.port);
log.info({ port: config.port, healthPort: config.healthPort }, 'Listening');
await Promise.all([
  watchProjects({ api, cache, log, sleep, random: Math.random }, stop.signal),
  keepCertificates(
    {
      api,
      log,
      sleep,
      namespace: config.namespace,
      service: config.service,
      secretName: config.certificateSecret,
      webhookConfiguration: config.webhookConfiguration,
      now: Date.now,
      load: ({ key, certificate, expiresAt }) => {
        server.setSecureContext({ key, cert: certificate });
        state.expiresAt = expiresAt;
      },
    },
    stop.signal,
  ),
]);
