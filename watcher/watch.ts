import { z } from 'zod';
import { backoffMs } from './backoff.ts';
import { type Cache, createCache, type WatchEvent } from './cache.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import type { KubeObject } from './kube/metadata.ts';
import { createLineSplitter } from './lines.ts';

export interface WatchSource<T> {
  /** Short name for logs and metrics. */
  readonly resource: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The object as it is to be kept, undefined where it is none of ours; throws for one that cannot be read. */
  keep(raw: unknown): T | undefined;
}

export interface WatchSettings {
  readonly pageSize: number;
  /**
   * How long the server keeps one watch open. It mostly sends a bookmark two seconds before it closes (nextBookmarkTime
   * in k8s.io/apiserver); bookmark or not, a healthy watch has ended by then.
   */
  readonly watchSeconds: number;
  /** A watch without a byte for so long is taken for dead. More than `watchSeconds`. */
  readonly inactivityMs: number;
  /**
   * After so long, give or take a tenth, everything is listed again: what a watch has missed without saying so is found
   * then at the latest.
   */
  readonly relistMs: number;
}

export const watchSettings: WatchSettings = {
  pageSize: 250,
  watchSeconds: 45,
  inactivityMs: 55_000,
  relistMs: 3_600_000,
};

export interface WatchShell<T> {
  readonly client: KubeClient;
  readonly settings: WatchSettings;
  onEvent(event: WatchEvent<T>): void;
  /** After each complete list. */
  onListed(): void;
  /** After anything that the server sent. */
  onAlive(): void;
  onBadObject(error: unknown): void;
  onTrouble(error: unknown): void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  now(): number;
  readonly random: () => number;
}

/** The resource version is too old for the server: only a new list helps. */
const gone = 410;
const maxLineLength = 8 * 1024 * 1024;

/** Lists and watches until the signal aborts; gives up on nothing else. */
export async function watchResource<T extends KubeObject>(
  source: WatchSource<T>,
  shell: WatchShell<T>,
  signal: AbortSignal,
): Promise<void> {
  const cache = createCache<T>();
  let from: string | undefined;
  let failures = 0;
  let relistAt = 0;
  const progress = (resourceVersion?: string) => {
    failures = 0;
    from = resourceVersion ?? from;
    shell.onAlive();
  };
  while (!signal.aborted) {
    try {
      if (shell.now() >= relistAt) from = undefined;
      if (from === undefined) {
        from = await list(source, shell, cache, signal);
        relistAt = shell.now() + shell.settings.relistMs * (0.9 + 0.2 * shell.random());
      }
      shell.onAlive();
      await follow(source, shell, cache, from, progress, signal);
    } catch (error) {
      if (isAborted(signal)) return;
      if (error instanceof KubeError && error.status === gone) from = undefined;
      failures += 1;
      shell.onTrouble(error);
      await shell.sleep(pause(error, failures, shell.random), signal);
    }
  }
}

/** Asked anew after each await: the compiler takes `signal.aborted` for a constant. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function pause(error: unknown, failures: number, random: () => number): number {
  const asked = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.max(Math.min(asked, 60_000), backoffMs(failures, random));
}

const page = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().nullish() }),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});

/** Every page of the list into the cache; the resource version to watch from. */
async function list<T extends KubeObject>(
  source: WatchSource<T>,
  shell: WatchShell<T>,
  cache: Cache<T>,
  signal: AbortSignal,
): Promise<string> {
  const seen = new Set<string>();
  let next: string | undefined;
  for (;;) {
    const query = {
      ...source.query,
      limit: String(shell.settings.pageSize),
      ...(next && { continue: next }),
    };
    const answer = page.parse(await shell.client.request({ path: source.path, query, signal }));
    shell.onAlive();
    for (const raw of answer.items) {
      const uid = uidOf(raw);
      if (uid !== undefined) seen.add(uid);
      take(source, shell, cache, raw);
    }
    next = answer.metadata.continue || undefined;
    if (next !== undefined) continue;
    emit(shell, cache.keepOnly(seen));
    shell.onListed();
    return answer.metadata.resourceVersion;
  }
}

const watchLine = z.object({ type: z.string(), object: z.unknown() });
const versioned = z.object({ metadata: z.object({ resourceVersion: z.string().min(1) }) });
const failure = z.object({ code: z.number().optional(), message: z.string().optional() });

/** One watch, until the server closes it. Throws KubeError for what it refuses, and for an ERROR event. */
async function follow<T extends KubeObject>(
  source: WatchSource<T>,
  shell: WatchShell<T>,
  cache: Cache<T>,
  from: string,
  progress: (resourceVersion?: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const query = {
    ...source.query,
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from,
    timeoutSeconds: String(shell.settings.watchSeconds),
  };
  const splitter = createLineSplitter(maxLineLength);
  const openedAt = shell.now();
  let lines = 0;
  for await (const chunk of shell.client.stream(
    { path: source.path, query, signal },
    shell.settings.inactivityMs,
  )) {
    for (const line of splitter.push(chunk)) {
      if (line === '') continue;
      lines += 1;
      progress(takeLine(source, shell, cache, line));
    }
  }
  // A server that closes at once would otherwise be asked again without a pause.
  if (lines === 0 && shell.now() - openedAt < 1000)
    throw new KubeError(0, `the watch of ${source.resource} was closed at once`);
}

/** The resource version to go on from, where the line tells one. */
function takeLine<T extends KubeObject>(
  source: WatchSource<T>,
  shell: WatchShell<T>,
  cache: Cache<T>,
  line: string,
): string | undefined {
  const event = parseLine(line, shell);
  if (event === undefined) return undefined;
  if (event.type === 'ERROR') {
    const { code, message } = failure.catch({}).parse(event.object);
    throw new KubeError(code ?? 0, `the watch of ${source.resource} ended: ${message ?? 'no message'}`);
  }
  if (event.type === 'DELETED') {
    const uid = uidOf(event.object);
    // The last state is worth keeping: a pod's may be the one that tells how it ended.
    take(source, shell, cache, event.object);
    if (uid !== undefined) emit(shell, cache.remove(uid));
  } else if (event.type !== 'BOOKMARK') {
    take(source, shell, cache, event.object);
  }
  return versioned.safeParse(event.object).data?.metadata.resourceVersion;
}

function parseLine<T>(line: string, shell: WatchShell<T>): z.output<typeof watchLine> | undefined {
  try {
    return watchLine.parse(JSON.parse(line));
  } catch (error) {
    shell.onBadObject(error);
    return undefined;
  }
}

const identified = z.object({ metadata: z.object({ uid: z.string().min(1) }) });

function uidOf(raw: unknown): string | undefined {
  return identified.safeParse(raw).data?.metadata.uid;
}

/** One object that cannot be read costs that object and no other. */
function take<T extends KubeObject>(
  source: WatchSource<T>,
  shell: WatchShell<T>,
  cache: Cache<T>,
  raw: unknown,
): void {
  try {
    const kept = source.keep(raw);
    const uid = uidOf(raw);
    if (kept !== undefined) emit(shell, cache.put(kept));
    else if (uid !== undefined) emit(shell, cache.remove(uid));
  } catch (error) {
    shell.onBadObject(error);
  }
}

function emit<T>(shell: WatchShell<T>, events: readonly WatchEvent<T>[]): void {
  for (const event of events) {
    try {
      shell.onEvent(event);
    } catch (error) {
      shell.onBadObject(error);
    }
  }
}
