import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { vi } from 'vitest';
import { ingestionBatch, type IngestionBatch, type IngestionReport } from '../../contract/ingestion.ts';
import { annotations } from '../../contract/names.ts';
import type { ControlPlane } from '../ingest/control-plane.ts';
import { openOutbox } from '../ingest/outbox.ts';
import type { KubeClient } from '../kube/client.ts';
import type { SlackShell } from '../slack/destination.ts';
import type { SlackClient } from '../slack/slack-client.ts';
import { openSpool } from '../spool/spool.ts';
import { startWatcher, type Watcher } from '../watcher.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { rawProject } from './project.ts';

/** A control plane that keeps reports as the contract says, and may be down. */
export interface FakeControlPlane extends ControlPlane {
  down: Error | undefined;
  readonly batches: IngestionBatch[];
  outcomes(): Map<string, string>;
  /** Text of a log by `<attempt>/<container>`, each line once. */
  log(name: string): string[];
  ends(): string[];
}

export function createFakeControlPlane(): FakeControlPlane {
  const batches: IngestionBatch[] = [];
  const reports = (): IngestionReport[] => batches.flatMap((batch) => batch.reports);
  return {
    down: undefined,
    batches,
    send(batch) {
      if (this.down !== undefined) return Promise.reject(this.down);
      // As it comes over the wire.
      batches.push(ingestionBatch.parse(JSON.parse(JSON.stringify(batch))));
      return Promise.resolve([]);
    },
    outcomes() {
      const found = reports().filter((report) => report.kind === 'outcome');
      return new Map(found.map(({ run, outcome }) => [run.uid, outcome.reason]));
    },
    log(name) {
      const lines = reports().flatMap((report) =>
        report.kind === 'log' && `${report.attempt}/${report.container}` === name ? report.lines : [],
      );
      const byKey = new Map(lines.map(({ at, n, text }) => [`${at}#${n}`, text]));
      return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
    },
    ends: () => reports().flatMap((report) => (report.kind === 'log' && report.end ? [report.end] : [])),
  };
}

export interface World {
  readonly server: ApiServer;
  readonly controlPlane: FakeControlPlane;
  /** Starts a watcher on the disk of the ones before it. */
  start(options?: {
    readonly client?: KubeClient;
    readonly controlPlane?: ControlPlane | 'none';
    /** Name of its disk: another replica has another. */
    readonly disk?: string;
    readonly slack?: SlackClient;
    readonly connect?: SlackShell['connect'];
  }): Promise<Watcher>;
  /** The reason of the outcome that the object carries. */
  outcomeOf(resource: 'jobs' | 'pods', name: string): string | undefined;
  close(): Promise<void>;
}

const settings = { pageSize: 500, watchSeconds: 45, inactivityMs: 2000, relistMs: 3_600_000 };

export async function startWorld(): Promise<World> {
  const server = await startApiServer();
  const folder = await mkdtemp(join(tmpdir(), 'world-'));
  const controlPlane = createFakeControlPlane();
  const watchers: Watcher[] = [];
  server.put('dbtprojects', rawProject());
  return {
    server,
    controlPlane,
    async start(options = {}) {
      const watcher = await startOn(join(folder, options.disk ?? 'disk'), {
        client: options.client ?? server.api.client,
        controlPlane: options.controlPlane ?? controlPlane,
        slack: { installation: options.slack, connect: options.connect ?? noSlack },
      });
      watchers.push(watcher);
      return watcher;
    },
    outcomeOf(resource, name) {
      const text = server.get(resource, name)?.metadata.annotations?.[annotations.outcome];
      return text === undefined ? undefined : (JSON.parse(text) as { reason: string }).reason;
    },
    async close() {
      await Promise.race([Promise.all(watchers.map((watcher) => watcher.stop())), sleep(200)]);
      await server.api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Reached {
  readonly client: KubeClient;
  readonly controlPlane: ControlPlane | 'none';
  readonly slack: SlackShell;
}

const noSlack: SlackShell['connect'] = () => {
  throw new Error('no organization is connected here');
};

async function startOn(folder: string, { client, controlPlane, slack }: Reached): Promise<Watcher> {
  const spool = await openSpool({
    folder: join(folder, 'logs'),
    maxBytes: 10_000_000,
    onDropped: () => undefined,
  });
  const outbox = await openOutbox(join(folder, 'outbox'));
  return startWatcher({
    client,
    log: pino({ enabled: false }),
    settings,
    namespace: undefined,
    reportingInstance: 'watcher-0',
    slack,
    runUrl: undefined,
    spool,
    controlPlane: controlPlane === 'none' ? undefined : { controlPlane, outbox },
    now: () => Date.parse('2026-11-23T02:10:30Z'),
    random: () => 0,
    // Time goes a hundred times as fast, but for what waits on an event anyway.
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs / 100);
      return () => clearTimeout(timer);
    },
    sleep: (ms, signal) => sleep(ms / 100, undefined, { signal }).catch(() => undefined),
  });
}

export const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 8000, interval: 5 });
