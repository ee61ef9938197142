import type { ServerResponse } from 'node:http';
import { type FakeApi, type FakeRequest, json, startFakeApi } from './fake-api.ts';

type Json = Record<string, unknown>;

interface Meta {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  annotations?: Record<string, string>;
  ownerReferences?: { uid: string }[];
}

export interface Stored extends Json {
  metadata: Meta;
}

/** An API server that keeps objects, as far as the watcher can tell the difference; its faults are up to the test. */
export interface ApiServer {
  readonly api: FakeApi;
  /** Adds the object, or replaces the one of its UID. */
  put(resource: string, object: Json): void;
  get(resource: string, name: string): Stored | undefined;
  /** As a client's DELETE: an object with a finalizer stays until that is gone. */
  delete(resource: string, name: string): void;
  /** Events of events.k8s.io that were written. */
  readonly events: Stored[];
  /** Log of a container, by `<pod>/<container>`: lines with their stamps. */
  readonly logs: Map<string, string>;
  /** Answers instead of the server where it returns true. */
  fault: ((request: FakeRequest, response: ServerResponse) => boolean) | undefined;
  /** Ends every watch that is open. */
  dropWatches(): void;
}

const collection = /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/[^/]+)?\/([a-z]+)$/;
const single = /^\/(?:api|apis\/[^/]+)\/[^/]+\/namespaces\/[^/]+\/([a-z]+)\/([^/]+)$/;
const log = /\/pods\/([^/]+)\/log$/;

interface Store {
  version: number;
  /** By resource and name, in the order of their making. */
  readonly objects: Map<string, Map<string, Stored>>;
  readonly watches: Set<{ readonly resource: string; readonly response: ServerResponse }>;
  readonly history: { readonly resource: string; readonly version: number; readonly line: string }[];
}

export async function startApiServer(): Promise<ApiServer> {
  const store: Store = { version: 100, objects: new Map(), watches: new Set(), history: [] };
  const events: Stored[] = [];
  const logs = new Map<string, string>();
  const api = await startFakeApi((request, response) => {
    if (server.fault?.(request, response)) return;
    answer(store, events, logs, request, response);
  });
  const server: ApiServer = {
    api,
    events,
    logs,
    fault: undefined,
    put(resource, object) {
      const stored = structuredClone(object) as unknown as Stored;
      const known = find(store, resource, stored.metadata.name)?.metadata.uid === stored.metadata.uid;
      write(store, resource, stored, known ? 'MODIFIED' : 'ADDED');
    },
    get: (resource, name) => find(store, resource, name),
    delete(resource, name) {
      const found = find(store, resource, name);
      if (found === undefined) return;
      const metadata = { ...found.metadata, deletionTimestamp: '2026-11-23T02:10:00Z' };
      settle(store, resource, { ...found, metadata });
    },
    dropWatches() {
      for (const { response } of store.watches) response.socket?.resetAndDestroy();
    },
  };
  return server;
}

function answer(
  store: Store,
  events: Stored[],
  logs: ReadonlyMap<string, string>,
  request: FakeRequest,
  response: ServerResponse,
): void {
  const { method, path, query } = request;
  const [, pod] = log.exec(path) ?? [];
  if (pod !== undefined) {
    answerLog(logs.get(`${pod}/${query.get('container') ?? ''}`), query, response);
    return;
  }
  const [, resource, name] = single.exec(path) ?? [undefined, collection.exec(path)?.[1]];
  if (resource === undefined) {
    json(response, 404, { message: `no ${path}` });
    return;
  }
  if (method === 'POST' && resource === 'events') {
    postEvent(events, request.body as Stored, response);
    return;
  }
  if (method === 'PATCH' && name !== undefined) {
    patch(store, resource, name, request.body as Json, response);
    return;
  }
  if (name !== undefined) {
    const found = find(store, resource, name);
    json(response, found === undefined ? 404 : 200, found ?? { message: 'not found' });
    return;
  }
  if (query.get('watch') === 'true') {
    watch(store, resource, query, response);
    return;
  }
  list(store, resource, query, response);
}

/** A token to go on with is how many objects were told: as good as the server's own as long as none is deleted. */
function list(store: Store, resource: string, query: URLSearchParams, response: ServerResponse): void {
  const [from, limit] = [Number(query.get('continue') ?? 0), Number(query.get('limit') ?? Infinity)];
  const [, owner] = /controller-uid=(.+)$/.exec(query.get('labelSelector') ?? '') ?? [];
  const all = [...allOf(store, resource).values()].filter(
    ({ metadata }) => owner === undefined || metadata.ownerReferences?.some(({ uid }) => uid === owner),
  );
  const more = from + limit < all.length && { continue: String(from + limit) };
  json(response, 200, {
    metadata: { resourceVersion: String(store.version), ...more },
    items: all.slice(from, from + limit),
  });
}

function answerLog(text: string | undefined, query: URLSearchParams, response: ServerResponse): void {
  if (text === undefined) {
    json(response, 404, { message: 'no such log' });
    return;
  }
  const since = query.get('sinceTime') ?? '';
  const lines = text.split(/(?<=\n)/).filter((line) => `${line.slice(0, 19)}Z` >= since);
  response.end(lines.join(''));
}

function postEvent(events: Stored[], event: Stored, response: ServerResponse): void {
  if (events.some(({ metadata }) => metadata.name === event.metadata.name)) {
    json(response, 409, { message: 'already exists' });
    return;
  }
  events.push(event);
  json(response, 201, event);
}

function patch(store: Store, resource: string, name: string, body: Json, response: ServerResponse): void {
  const found = find(store, resource, name);
  if (found === undefined) {
    json(response, 404, { message: 'not found' });
    return;
  }
  const { metadata } = body as { metadata: Partial<Meta> };
  const { uid, resourceVersion } = found.metadata;
  if ((metadata.uid ?? uid) !== uid || (metadata.resourceVersion ?? resourceVersion) !== resourceVersion) {
    json(response, 409, { message: 'the object has been modified' });
    return;
  }
  const merged = merge(found, body) as Stored;
  settle(store, resource, merged);
  json(response, 200, merged);
}

function merge(into: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const base = typeof into === 'object' && into !== null && !Array.isArray(into) ? into : {};
  const result: Json = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = merge(result[key], value);
  }
  return result;
}

/** An object that is deleted goes with its last finalizer. */
function settle(store: Store, resource: string, object: Stored): void {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  write(store, resource, object, deletionTimestamp && finalizers.length === 0 ? 'DELETED' : 'MODIFIED');
}

function write(store: Store, resource: string, object: Stored, type: 'ADDED' | 'MODIFIED' | 'DELETED'): void {
  store.version += 1;
  const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(store.version) } };
  if (type === 'DELETED') allOf(store, resource).delete(object.metadata.name);
  else allOf(store, resource).set(object.metadata.name, stored);
  const line = `${JSON.stringify({ type, object: stored })}\n`;
  store.history.push({ resource, version: store.version, line });
  for (const one of store.watches) if (one.resource === resource) one.response.write(line);
}

function watch(store: Store, resource: string, query: URLSearchParams, response: ServerResponse): void {
  const from = Number(query.get('resourceVersion'));
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  for (const missed of store.history)
    if (missed.resource === resource && missed.version > from) response.write(missed.line);
  const one = { resource, response };
  store.watches.add(one);
  response.on('close', () => store.watches.delete(one));
}

function allOf(store: Store, resource: string): Map<string, Stored> {
  const all = store.objects.get(resource) ?? new Map<string, Stored>();
  store.objects.set(resource, all);
  return all;
}

function find(store: Store, resource: string, name: string): Stored | undefined {
  return allOf(store, resource).get(name);
}
