import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createKube, type Kube } from '../kube/client.ts';
import { type Asked, isAllowed, people } from './roles.ts';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Empty where the control plane asks for itself. */
  readonly user: string;
  readonly headers: IncomingMessage['headers'];
}

/** An API server over HTTP, as far as the control plane can tell: tokens, roles, objects with versions. */
export interface FakeCluster {
  readonly kube: Kube;
  readonly requests: FakeRequest[];
  /** Adds or replaces; the path is that of the object. */
  put(path: string, object: object): void;
  get(path: string): unknown;
  /** Answers instead of the server where it returns true. */
  fault: ((request: FakeRequest, response: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

interface State {
  version: number;
  readonly objects: Map<string, Record<string, unknown>>;
}

const single = /^\/(?:api|apis\/[^/]+)\/[^/]+\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/;
const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const object = z.looseObject({ metadata: z.looseObject({ name: z.string().optional() }) });
const versioned = z.object({ metadata: z.object({ resourceVersion: z.string().optional() }) });

export async function startFakeCluster(): Promise<FakeCluster> {
  const state: State = { version: 1, objects: new Map() };
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      if (cluster.fault?.(request, response) !== true) answer(state, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = {
    server: `http://127.0.0.1:${port}`,
    options: () => Promise.resolve({}),
    refused: () => undefined,
  };
  const cluster: FakeCluster = {
    kube: createKube(connection),
    requests,
    fault: undefined,
    put: (path, given) => void store(state, path, given),
    get: (path) => state.objects.get(path),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return cluster;
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  const url = new URL(incoming.url ?? '/', 'http://fake');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    user: String(incoming.headers['impersonate-user'] ?? ''),
    headers: incoming.headers,
  };
}

function answer(state: State, request: FakeRequest, response: ServerResponse): void {
  const { path, method, user } = request;
  if (path === '/version') reply(response, 200, { major: '1' });
  else if (path.endsWith('/tokenreviews')) reply(response, 201, { status: tokenStatus(request.body) });
  else if (path.endsWith('/subjectaccessreviews'))
    reply(response, 201, { status: { allowed: isReviewAllowed(request.body) } });
  else if (user !== '' && !isAllowed(user, askedBy(method, path))) {
    const message = `${askedBy(method, path).resource} is forbidden: User "${user}" cannot`;
    reply(response, 403, { message });
  } else answerObjects(state, request, response);
}

function answerObjects(state: State, { method, path, body }: FakeRequest, response: ServerResponse): void {
  const known = path.replace(/\/status$/, '');
  const found = state.objects.get(known);
  if (method === 'POST') {
    const made = `${path}/${object.parse(body).metadata.name ?? `made-${state.version}`}`;
    if (state.objects.has(made)) reply(response, 409, { message: 'already exists' });
    else reply(response, 201, store(state, made, object.parse(body)));
  } else if (method === 'GET' && found === undefined && /\/[a-z]+s$/.test(path) && !isNamed(path))
    reply(response, 200, { metadata: {}, items: listOf(state, path) });
  else if (found === undefined) reply(response, 404, { message: `${path} not found` });
  else if (method === 'GET') reply(response, 200, found);
  else if (method === 'PUT') put(state, known, { found, body }, response);
  else {
    state.objects.delete(known);
    reply(response, 200, {});
  }
}

function put(
  state: State,
  path: string,
  { found, body }: { readonly found: unknown; readonly body: unknown },
  response: ServerResponse,
): void {
  const { resourceVersion } = versioned.parse(body).metadata;
  if (resourceVersion !== versioned.parse(found).metadata.resourceVersion)
    reply(response, 409, { message: 'the object has been modified' });
  else reply(response, 200, store(state, path, object.parse(body)));
}

function store(state: State, path: string, given: object): object {
  const { metadata, ...rest } = object.parse(given);
  const { stringData, ...kept } = rest;
  const data =
    stringData === undefined
      ? {}
      : {
          data: Object.fromEntries(
            Object.entries(z.record(z.string(), z.string()).parse(stringData)).map(([key, value]) => [
              key,
              Buffer.from(value).toString('base64'),
            ]),
          ),
        };
  const [, namespace] = single.exec(path) ?? [];
  const made = {
    ...kept,
    ...data,
    metadata: {
      uid: `uid-of-${path.split('/').at(-1) ?? ''}`,
      ...(namespace !== undefined && { namespace }),
      creationTimestamp: '2026-01-01T00:00:00Z',
      name: path.split('/').at(-1),
      ...metadata,
      resourceVersion: String((state.version += 1)),
    },
  };
  state.objects.set(path, made);
  return made;
}

function isNamed(path: string): boolean {
  return single.exec(path)?.[3] !== undefined;
}

/** Of one namespace, or of all where the path names none. */
function listOf({ objects }: State, path: string): unknown[] {
  const parts = path.split('/');
  const resource = parts.at(-1) ?? '';
  const prefix = parts.includes('namespaces') && resource !== 'namespaces' ? `${path}/` : undefined;
  return [...objects]
    .filter(([known]) =>
      prefix === undefined
        ? known.split('/').at(-2) === resource && known.startsWith(parts.slice(0, -1).join('/'))
        : known.startsWith(prefix),
    )
    .map(([, found]) => found);
}

const tokenReview = z.object({
  spec: z.object({ token: z.string(), audiences: z.array(z.string()).optional() }),
});

function tokenStatus(body: unknown): object {
  const { spec } = tokenReview.parse(body);
  const person = Object.values(people).find(({ token }) => token === spec.token);
  if (person === undefined || spec.audiences !== undefined) return { authenticated: false };
  return { authenticated: true, user: { username: person.user, groups: person.groups } };
}

const accessReview = z.object({
  spec: z.object({
    user: z.string(),
    resourceAttributes: z.object({
      namespace: z.string(),
      verb: z.string(),
      resource: z.string(),
      subresource: z.string().optional(),
    }),
  }),
});

function isReviewAllowed(body: unknown): boolean {
  const { user, resourceAttributes } = accessReview.parse(body).spec;
  const { namespace, verb, resource, subresource } = resourceAttributes;
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return isAllowed(user, { namespace, verb, resource: whole });
}

function askedBy(method: string, path: string): Asked {
  const [, namespace = '', resource = '', name, subresource] = single.exec(path) ?? [];
  const verb = method === 'GET' && name === undefined ? 'list' : (verbs[method] ?? '');
  return { namespace, verb, resource: subresource === undefined ? resource : `${resource}/${subresource}` };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
