import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import type { DbtProject } from '../contract/dbt-project.ts';
import { type KubeCall, KubeError } from './kube/client.ts';
import { createNamespaced } from './namespaced.ts';
import { sourcesOf } from './sources.ts';
import { rawProject } from './testdata/project.ts';
import { watchProjects } from './watch-projects.ts';
import type { Watches } from './watches.ts';
import { WorkQueue } from './work-queue.ts';

const rawOf = (name: string, namespace: string, resourceVersion = '1') => ({
  ...rawProject(),
  metadata: { name, namespace, uid: `${namespace}-${name}`, resourceVersion, generation: 1 },
});
const rawQuota = {
  metadata: {
    name: 'quota',
    namespace: 'shop',
    uid: 'quota-uid',
    resourceVersion: '1',
    creationTimestamp: '2026-11-23T00:00:00Z',
  },
  spec: { hard: { pods: '10' } },
};

/** Projects are put as a watch tells them; the status of those in namespace shop may not be written at first. */
function startProjects() {
  const seen = { mayWrite: false, logged: [] as unknown[], done: [] as string[], written: [] as string[] };
  const request = ({ method = 'GET', path }: KubeCall): Promise<unknown> => {
    const [, namespace = '', name = ''] = /namespaces\/([^/]+)\/dbtprojects\/([^/]+)/.exec(path) ?? [];
    if (method === 'GET') return Promise.resolve(rawOf(name, namespace));
    if (namespace === 'shop' && !seen.mayWrite)
      return Promise.reject(new KubeError(403, 'cannot update resource "dbtprojects/status"'));
    seen.written.push(`${namespace}/${name}`);
    return Promise.resolve({});
  };
  const handlers = new Map<string, { put(raw: unknown): void; relist(): void }>();
  const watches: Watches = {
    start(source, onEvent, onListed = () => undefined) {
      const put = (raw: unknown) => {
        const object = source.keep(raw);
        if (object !== undefined) onEvent({ type: 'changed', object });
      };
      handlers.set(source.resource, { put, relist: onListed });
    },
    listed: () => Promise.resolve(true),
    isReady: () => true,
    stop: () => Promise.resolve(),
  };
  const write = (line: string) => void seen.logged.push(JSON.parse(line));
  const shell = {
    client: { request, stream: vi.fn() },
    log: pino({ base: null, timestamp: false }, { write }),
    reportingInstance: 'watcher-0',
    now: () => Date.parse('2026-11-23T02:10:30Z'),
  };
  const onPlanJob = watchProjects(
    {
      shell,
      watches,
      metrics: { onPlanEnded: vi.fn() },
      sources: sourcesOf(undefined),
      projects: createNamespaced<DbtProject>(),
      queue: (_name, _needed, reconcile) =>
        new WorkQueue({
          now: shell.now,
          random: () => 0,
          setTimer: () => () => undefined,
          concurrency: 1,
          async reconcile(key) {
            const again = await reconcile(key);
            seen.done.push(key);
            return again;
          },
          onError: (key) => void seen.done.push(`${key} is tried again`),
        }),
    },
    vi.fn(),
  );
  const handlersOf = (resource: string) => handlers.get(resource)!;
  /** Everything that was asked for since the last time, in its order, ended by a project that may be written. */
  const settled = async () => {
    handlersOf('dbtprojects').put(rawOf('end', 'other'));
    await vi.waitFor(() => expect(seen.done.at(-1)).toBe('other/end'));
    return seen.done.splice(0).slice(0, -1);
  };
  return { seen, settled, onPlanJob, of: handlersOf };
}

const told = {
  level: 30,
  namespace: 'shop',
  msg: 'May not write here: projects of the namespace get neither Ready nor plans until it is one of the organizations',
};

it('a namespace whose projects may not be written is told once, and none of them is tried again', async () => {
  const { seen, settled, of } = startProjects();
  of('dbtprojects').put(rawOf('a', 'shop'));
  of('dbtprojects').put(rawOf('b', 'shop'));
  expect(await settled()).toEqual(['shop/a', 'shop/b']);
  expect(seen.logged).toEqual([told]);
});

it('a project that may not be written is left alone by its namespace, until it changes', async () => {
  const { seen, settled, of, onPlanJob } = startProjects();
  of('dbtprojects').put(rawOf('a', 'shop'));
  expect(await settled()).toEqual(['shop/a']);
  of('resourcequotas').put(rawQuota);
  onPlanJob('shop', 'a');
  expect(await settled()).toEqual([]);
  of('dbtprojects').put(rawOf('a', 'shop', '2'));
  expect(await settled()).toEqual(['shop/a']);
  expect(seen.logged).toEqual([told]);
});

it('a project that may be written since then is written after the next list, and followed again', async () => {
  const { seen, settled, of } = startProjects();
  of('dbtprojects').put(rawOf('a', 'shop'));
  await settled();
  seen.mayWrite = true;
  of('dbtprojects').relist();
  expect(await settled()).toEqual(['shop/a']);
  expect(seen.written).toContain('shop/a');
  of('resourcequotas').put(rawQuota);
  expect(await settled()).toEqual(['shop/a']);
});

it('a list is nothing new to a project that may be written', async () => {
  const { settled, of } = startProjects();
  of('dbtprojects').put(rawOf('a', 'other'));
  expect(await settled()).toEqual(['other/a']);
  of('dbtprojects').relist();
  expect(await settled()).toEqual([]);
});
