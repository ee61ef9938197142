import { z } from 'zod';
import { parseDbtProject } from '../contract/dbt-project.ts';
import type { DbtProject } from '../contract/dbt-project.ts';
import type { ApiServer } from './api-server.ts';
import type { Log } from './log.ts';
import type { ProjectCache } from './project-cache.ts';
import { silenceLimitMs } from './project-cache.ts';
import { projectsPath } from './projects.ts';

const pageSize = 500;
const listTimeoutMs = 30_000;
/** The server ends a watch after this long, and the list is read anew: what a watch may have missed is mended then. */
const watchSeconds = { least: 300, most: 600 };
const backOffMs = { first: 500, most: 30_000 };

const identity = z.looseObject({ name: z.string(), namespace: z.string(), uid: z.string() });
const page = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()),
});
const event = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.looseObject({ metadata: z.looseObject({}).default({}), code: z.number().optional() }),
});

export interface WatchOptions {
  readonly api: ApiServer;
  readonly cache: ProjectCache;
  readonly log: Log;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/**
 * Keeps the cache for as long as `signal` is not aborted: list, watch, and on any end of the watch list again. It never
 * gives up: after a failure it waits, longer each time and never as long as its neighbour.
 */
export async function watchProjects(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { cache, log, sleep, random } = options;
  const stopped = (): boolean => signal.aborted;
  let failures = 0;
  while (!stopped()) {
    try {
      const resourceVersion = await listProjects(options, signal);
      failures = 0;
      await followProjects(options, resourceVersion, signal);
    } catch (error) {
      if (stopped()) break;
      failures += 1;
      log.warn({ err: error, failures, cacheAgeMs: cache.ageMs() }, 'Lost watch of DbtProjects');
    }
    cache.lost();
    await sleep(backOff(failures, random()), signal);
  }
}

/** Between half and all of a time that doubles with each failure, ms. */
export function backOff(failures: number, random: number): number {
  const whole = Math.min(backOffMs.first * 2 ** failures, backOffMs.most);
  return whole / 2 + (whole / 2) * random;
}

async function listProjects({ api, cache, log }: WatchOptions, signal: AbortSignal): Promise<string> {
  const listed: DbtProject[] = [];
  let next = '';
  for (;;) {
    const path = `${projectsPath}?limit=${pageSize}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
    const { status, body } = await api.request({ method: 'GET', path, timeoutMs: listTimeoutMs, signal });
    if (status !== 200) throw new Error(`list of DbtProjects: the API server answered ${status}`);
    const { metadata, items } = page.parse(body);
    listed.push(...items.flatMap((item) => readable(item, log)));
    next = metadata.continue ?? '';
    if (next !== '') continue;
    cache.replaceAll(listed);
    cache.heard();
    log.info({ projects: listed.length }, 'Listed DbtProjects');
    return metadata.resourceVersion;
  }
}

/** Returns when the server ends the watch; throws when it breaks, falls silent or is too far behind (410). */
async function followProjects(
  options: WatchOptions,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<void> {
  const { api, cache, log, random } = options;
  const { least, most } = watchSeconds;
  const seconds = Math.round(least + (most - least) * random());
  const path = `${projectsPath}?watch=true&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${resourceVersion}`;
  for await (const line of api.watch({ path, silenceMs: silenceLimitMs, signal })) {
    const { type, object } = event.parse(line);
    if (type === 'ERROR')
      throw new Error(`watch of DbtProjects: the API server sent error ${object.code ?? ''}`);
    cache.heard();
    if (type === 'BOOKMARK') continue;
    const [project] = type === 'DELETED' ? [] : readable(object, log);
    if (project !== undefined) cache.put(project);
    else cache.remove(identity.parse(object.metadata));
  }
}

/** One object that cannot be read must not stop the others; it is then read by itself, and told, when a pod asks. */
function readable(object: unknown, log: Log): readonly DbtProject[] {
  try {
    return [parseDbtProject(object)];
  } catch (error) {
    log.error({ err: error }, 'Could not read DbtProject');
    return [];
  }
}
