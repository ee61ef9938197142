import { mkdir, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../examples/demo/wait.ts';
import { startFakeSlack, type FakeSlack } from '../../watcher/testdata/fake-slack.ts';
import { makeNamespace, request } from '../e2e/api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import type { Faults } from './setup.ts';
import { installation } from './setup.ts';
import { createProxy, freePort, type Proxy } from './toxiproxy.ts';
import { startWatcherProcess, type WatcherProcess } from './watcher-process.ts';

/** One namespace, and everything that a watcher of it talks to, each at the end of a way that can be broken. */
export interface Stage {
  readonly namespace: string;
  readonly controlPlane: ControlPlane;
  readonly slack: FakeSlack;
  readonly ways: { readonly api: Proxy; readonly controlPlane: Proxy; readonly slack: Proxy };
  /** The folder of the ServiceAccount, whose token a test may replace. */
  readonly account: string;
  /** Starts a watcher, on the disk of the one before it. It is ready when this settles, if it is asked to be. */
  start(options?: StartOptions): Promise<WatcherProcess>;
  close(): Promise<void>;
}

export interface StartOptions {
  /** Further variables of watcher/config.ts. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Name of its disk: a watcher on another node has another. */
  readonly disk?: string;
  /** Ports of what stands before the API server, the control plane and Slack, in place of the ways. */
  readonly ports?: { readonly api: number; readonly controlPlane: number; readonly slack: number };
  readonly ready?: 'awaited' | 'not awaited';
}

export async function openStage(name: string): Promise<Stage> {
  const faults = inject('faults');
  const namespace = `faults-${name}`;
  await makeNamespace(namespace, {});
  await letWatcherWrite(namespace);
  const folder = join(faults.folder, `${name}-${randomUUID()}`);
  const account = join(folder, 'account');
  await mkdir(account, { recursive: true });
  await writeFile(join(account, 'token'), await requestToken());
  await copyFile(join(faults.pki, 'ca.crt'), join(account, 'ca.crt'));
  await writeFile(join(folder, 'ingestion-token'), 'of-the-watcher');
  const [controlPlane, slack] = [await startControlPlane(), await startFakeSlack(() => Date.now())];
  const ways = await openWays(faults, name, controlPlane, slack);
  const watchers: WatcherProcess[] = [];
  return {
    namespace,
    controlPlane,
    slack,
    ways,
    account,
    async start({ environment = {}, disk = 'disk', ports, ready = 'awaited' } = {}) {
      const to = ports ?? {
        api: ways.api.port,
        controlPlane: ways.controlPlane.port,
        slack: ways.slack.port,
      };
      const watcher = startWatcherProcess({
        apiPort: to.api,
        account,
        spool: join(folder, disk),
        port: await freePort(),
        environment: {
          WATCH_NAMESPACE: namespace,
          CONTROL_PLANE_URL: `http://127.0.0.1:${to.controlPlane}`,
          CONTROL_PLANE_TOKEN_FILE: join(folder, 'ingestion-token'),
          SLACK_TOKEN: 'xoxb-of-the-test',
          SLACK_CHANNEL: '#data',
          SLACK_API_URL: `http://127.0.0.1:${to.slack}/api/`,
          ...environment,
        },
      });
      watchers.push(watcher);
      if (ready === 'awaited')
        await eventually(`the watcher of ${namespace} is ready`, 60, async () =>
          (await watcher.isReady()) ? true : undefined,
        );
      return watcher;
    },
    async close() {
      await Promise.all(watchers.map((watcher) => watcher.kill()));
      await Promise.all([
        ...Object.values(ways).map((way) => way.remove()),
        controlPlane.close(),
        slack.close(),
      ]);
    },
  };
}

async function openWays(
  { toxiproxy, server }: Faults,
  name: string,
  controlPlane: ControlPlane,
  slack: FakeSlack,
): Promise<Stage['ways']> {
  return {
    api: await createProxy(toxiproxy, `${name}-api`, new URL(server).host),
    controlPlane: await createProxy(toxiproxy, `${name}-control-plane`, `127.0.0.1:${controlPlane.port}`),
    slack: await createProxy(toxiproxy, `${name}-slack`, new URL(slack.url).host),
  };
}

/** As the chart binds it in an organization. */
async function letWatcherWrite(namespace: string): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`;
  const made = await request('POST', path, {
    metadata: { name: 'dbt-jobs-watcher' },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'dbt-jobs-watcher-organization',
    },
    subjects: [{ kind: 'ServiceAccount', name: 'dbt-jobs-watcher', namespace: installation }],
  });
  if (made.status !== 201) throw new Error(`RoleBinding in ${namespace}: ${String(made.body['message'])}`);
}

const tokenAnswer = z.object({ status: z.object({ token: z.string() }) });

/** A token of the watcher's ServiceAccount; `boundTo` names a Secret of the installation with which it ends. */
export async function requestToken(boundTo?: string): Promise<string> {
  const path = `/api/v1/namespaces/${installation}/serviceaccounts/dbt-jobs-watcher/token`;
  const bound =
    boundTo === undefined ? {} : { boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: boundTo } };
  const answer = await request('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600, ...bound },
  });
  return tokenAnswer.parse(answer.body).status.token;
}
