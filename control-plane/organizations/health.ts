import { json, route, type Route } from '../api/route.ts';
import { remember } from '../identity/remember.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Store } from '../store/store.ts';
import { type Health, health } from '../wire/organization.ts';

export interface HealthShell {
  readonly kube: KubeClient;
  readonly store: Pick<Store, 'health' | 'watcher'>;
  now(): number;
}

/** The watcher speaks at least once a minute, also where nothing runs: three that were not heard are no hiccup. */
const silentMs = 180_000;
/** Anybody may ask, and the answer is the same for all. */
const rememberMs = 2000;

export function healthRoutes(shell: HealthShell): readonly Route[] {
  const known = remember<Health>({ forMs: rememberMs, most: 1, now: () => shell.now() });
  return [
    route({
      method: 'get',
      path: '/health',
      summary:
        'Whether the API server, the database and the watcher are there, and so how far answers can be believed.',
      access: 'anybody',
      answer: json(health),
      handle: () => known('health', () => readHealth(shell)),
    }),
  ];
}

async function readHealth(shell: HealthShell): Promise<Health> {
  const [apiServer, database, heardAt] = await Promise.all([
    shell.kube.request({ path: '/version' }).then(
      () => 'ok' as const,
      () => 'unreachable' as const,
    ),
    shell.store.health(),
    // Without its database the control plane has no news of the watcher either.
    shell.store.watcher.heardAt().catch(() => new Date(0).toISOString()),
  ]);
  return { apiServer, database, watcher: watcherOf(heardAt, shell.now()) };
}

function watcherOf(heardAt: string | undefined, now: number): Health['watcher'] {
  if (heardAt === undefined) return { state: 'never' };
  return { state: now - Date.parse(heardAt) > silentMs ? 'silent' : 'ok', heardAt };
}
