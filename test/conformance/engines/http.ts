import { once } from 'node:events';
import { Agent, request as httpsRequest } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import jsonPatch from 'fast-json-patch';
import { z } from 'zod';
import type { DbtProject } from '../../../contract/dbt-project.ts';
import { renewCertificates } from '../../../webhook/certificate-authority.ts';
import { createTlsServer, listen } from '../../../webhook/listen.ts';
import { defaultSettings } from '../../../webhook/mutate/settings.ts';
import { createApp } from '../../../webhook/server.ts';
import type { Json } from '../json.ts';
import { isJson, mergePatch, textAt } from '../json.ts';
import { projectsOf } from '../projects-of-case.ts';
import type { Case } from '../read-cases.ts';
import { hasEngine } from '../surroundings.ts';
import type { Admission, Engine } from './engine.ts';

const answer = z.strictObject({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  response: z.strictObject({
    uid: z.string(),
    allowed: z.boolean(),
    patchType: z.literal('JSONPatch').optional(),
    patch: z.base64().optional(),
    warnings: z.array(z.string()).optional(),
    status: z.strictObject({ code: z.number(), message: z.string() }).optional(),
  }),
});

interface Running {
  readonly server: Server;
  readonly agent: Agent;
  readonly port: number;
  readonly ca: string;
  readonly projects: Map<string, DbtProject>;
  readonly logged: string[];
}

/** The webhook's own server over TLS, asked with the AdmissionReview that an API server would send. */
export function httpEngine(): Engine {
  let running: Running | undefined;
  const ready = (): Running => {
    if (running === undefined) throw new Error('the server is not started');
    return running;
  };
  return {
    name: 'http',
    stage: 'webhook',
    prepare: async (cases) => {
      running = await start();
      for (const asked of cases)
        for (const [key, project] of projectsOf(asked, namespaceOf(asked)))
          running.projects.set(key, project);
      return undefined;
    },
    notAsked: ({ around, subresource }) => {
      if (subresource === 'binding') return 'a Binding is not sent to the webhook';
      return hasEngine(around) ? undefined : 'no engine is in charge of the namespace';
    },
    namespaceOf,
    admit: (asked, object, how) =>
      review(ready(), asked, { operation: 'CREATE', object, dryRun: how === 'dry run' }),
    reference: (_asked, _sent, expected) => Promise.resolve({ object: expected, warnings: [] }),
    update: async (asked) => {
      const object = mergePatch(asked.object, asked.update);
      if (!isJson(object)) throw new Error('the update leaves no object');
      const sent = { operation: 'UPDATE', object, oldObject: asked.object, dryRun: false } as const;
      return { ...(await review(ready(), asked, sent)), asked: object };
    },
    comparable: (object) => object,
    logs: () => Promise.resolve({ engine: ready().logged.join('\n'), audit: '' }),
    close: async () => {
      await stop(running);
      running = undefined;
    },
  };
}

async function stop(running: Running | undefined): Promise<void> {
  if (running === undefined) return;
  running.agent.destroy();
  running.server.close();
  running.server.closeAllConnections();
  await once(running.server, 'close');
}

async function start(): Promise<Running> {
  const { caBundle, leaf, leafKey } = await renewCertificates('create', undefined, ['localhost'], Date.now());
  const projects = new Map<string, DbtProject>();
  const logged: string[] = [];
  const note = (...facts: readonly unknown[]): void =>
    void logged.push(
      facts.map((fact) => (fact instanceof Error ? String(fact.stack) : JSON.stringify(fact))).join(' '),
    );
  const app = createApp({
    findProject: (namespace, name) => Promise.resolve(projects.get(`${namespace}/${name}`)),
    settings: defaultSettings,
    log: { debug: note, info: note, warn: note, error: note },
    metrics: { admitted: note, refused: note },
    isShuttingDown: () => false,
  });
  const server = createTlsServer(app);
  server.setSecureContext({ cert: leaf, key: leafKey });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  return { server, agent: new Agent({ keepAlive: true }), port, ca: caBundle, projects, logged };
}

interface Sent {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly object: Json;
  readonly oldObject?: Json;
  readonly dryRun: boolean;
}

async function review(running: Running, asked: Case, sent: Sent): Promise<Admission> {
  const uid = crypto.randomUUID();
  const resource = `${asked.kind.toLowerCase()}s`;
  const kind = { group: asked.kind === 'Pod' ? '' : 'batch', version: 'v1', kind: asked.kind };
  const type = { group: kind.group, version: 'v1', resource };
  const body = JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      kind,
      resource: type,
      ...(asked.subresource === undefined ? {} : { subResource: asked.subresource }),
      requestKind: kind,
      requestResource: type,
      name: textAt(sent.object, 'metadata', 'name') ?? '',
      namespace: namespaceOf(asked),
      userInfo: { username: 'jane', groups: ['system:authenticated'] },
      oldObject: null,
      options: {
        apiVersion: 'meta.k8s.io/v1',
        kind: `${sent.operation === 'CREATE' ? 'Create' : 'Update'}Options`,
      },
      ...sent,
    },
  });
  const { response } = answer.parse(await post(running, `/mutate/${resource}?timeout=5s`, body));
  if (response.uid !== uid) throw new Error('the answer is for another review');
  if (!response.allowed) return { denied: response.status?.message ?? '', warnings: response.warnings ?? [] };
  return { object: patched(sent.object, response.patch), warnings: response.warnings ?? [] };
}

/** Applied to a copy of what was sent, each operation checked: the patch must fit the raw object. */
function patched(object: Json, patch: string | undefined): Json {
  if (patch === undefined) return object;
  const operations = z
    .array(z.looseObject({ op: z.string(), path: z.string() }))
    .parse(JSON.parse(Buffer.from(patch, 'base64').toString()));
  const result: unknown = jsonPatch.applyPatch(
    structuredClone(object),
    operations as jsonPatch.Operation[],
    true,
  ).newDocument;
  if (!isJson(result)) throw new Error('the patch leaves no object');
  return result;
}

function post({ port, ca, agent }: Running, path: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(
      {
        host: 'localhost',
        port,
        path,
        method: 'POST',
        ca,
        agent,
        headers: { 'content-type': 'application/json' },
      },
      (received) => {
        const chunks: Buffer[] = [];
        received.on('data', (chunk: Buffer) => chunks.push(chunk));
        received.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (received.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`the server answered ${received.statusCode ?? 0}: ${text}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** One for each case: the projects of two cases may share a name. */
function namespaceOf(asked: Case): string {
  return asked.name.replaceAll('/', '-');
}
