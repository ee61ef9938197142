import type { Logger } from 'pino';
import type { WatchEvent } from './cache.ts';
import type { KubeClient } from './kube/client.ts';
import type { KubeObject } from './kube/metadata.ts';
import type { Metrics } from './metrics.ts';
import { watchResource, type WatchSettings, type WatchSource } from './watch.ts';

export interface WatchesShell {
  readonly client: KubeClient;
  readonly log: Logger;
  readonly settings: WatchSettings;
  readonly random: () => number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  now(): number;
}

/** The watches that run, and whether all of them have listed once. */
export interface Watches {
  /** `onListed` is called after each complete list. */
  start<T extends KubeObject>(
    source: WatchSource<T>,
    onEvent: (event: WatchEvent<T>) => void,
    onListed?: () => void,
  ): void;
  /** True when each of these resources has been listed once, false when the watches were stopped before. */
  listed(resources: readonly string[]): Promise<boolean>;
  isReady(): boolean;
  stop(): Promise<void>;
}

export function createWatches(shell: WatchesShell, metrics: Metrics): Watches {
  const stopping = new AbortController();
  const loops: Promise<void>[] = [];
  const unlisted = new Set<string>();
  const lists = new Map<string, PromiseWithResolvers<boolean>>();
  const listOf = (resource: string) => {
    const list = lists.get(resource) ?? Promise.withResolvers<boolean>();
    lists.set(resource, list);
    return list;
  };
  const onFirstListed = (resource: string) => {
    if (!unlisted.delete(resource)) return;
    shell.log.info({ resource }, 'Listed resource');
    listOf(resource).resolve(true);
  };
  return {
    async listed(resources) {
      const all = await Promise.all(resources.map((resource) => listOf(resource).promise));
      return all.every(Boolean);
    },
    isReady: () => unlisted.size === 0,
    start(source, onEvent, onListed) {
      const { resource } = source;
      unlisted.add(resource);
      const onEachListed = () => {
        onFirstListed(resource);
        onListed?.();
      };
      const observed = { ...shell, ...observe(shell.log, metrics, resource) };
      loops.push(watchResource(source, { ...observed, onEvent, onListed: onEachListed }, stopping.signal));
    },
    async stop() {
      stopping.abort();
      for (const list of lists.values()) list.resolve(false);
      await Promise.all(loops);
    },
  };
}

/** What a watch tells to log and metrics. */
function observe(log: Logger, metrics: Metrics, resource: string) {
  return {
    onAlive: () => metrics.onWatchAlive(resource),
    onBadObject(err: unknown) {
      metrics.onBadObject(resource);
      log.warn({ resource, err }, 'Could not read object');
    },
    onTrouble(err: unknown) {
      metrics.onWatchTrouble(resource);
      log.warn({ resource, err }, 'Watch broke off; connecting again');
    },
  };
}
