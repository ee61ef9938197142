import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { eventually } from '../../examples/demo/wait.ts';
import { kubeconfig } from './config.ts';

/** What the API server answered: the warnings are those a person at kubectl would see. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly warnings: readonly string[];
}

/** An object of the API as JSON: tests look into it freely. */
export type Json = Readonly<Record<string, unknown>>;

const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const agent = new https.Agent({ keepAlive: true });

/** Sends one request as the cluster's administrator; `path` begins with /api. Never throws for a status. */
export async function request(
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
): Promise<Answer> {
  const url = new URL(path, config.getCurrentCluster()?.server);
  const options: https.RequestOptions = {
    method,
    agent,
    headers: { 'content-type': type, accept: 'application/json' },
  };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const sent = https.request(url, { ...options, agent: options.agent ?? agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const warnings = (response.headers['warning'] ?? '').split(/,\s*(?=299 )/);
        resolve({
          status: response.statusCode ?? 0,
          // A log of JSON lines is text.
          body: (response.headers['content-type'] ?? '').includes('json')
            ? (JSON.parse(text) as Json)
            : { message: text },
          warnings: warnings
            .filter(Boolean)
            .map((line) => line.replace(/^299 - "|"$/g, '').replaceAll('\\"', '"')),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Where objects of a kind live. */
export function pathOf(kind: keyof typeof collections, namespace: string, name?: string): string {
  const [group, plural] = collections[kind];
  return `${group}/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}

const collections = {
  Pod: ['/api/v1', 'pods'],
  Secret: ['/api/v1', 'secrets'],
  ConfigMap: ['/api/v1', 'configmaps'],
  Event: ['/api/v1', 'events'],
  LimitRange: ['/api/v1', 'limitranges'],
  Job: ['/apis/batch/v1', 'jobs'],
  CronJob: ['/apis/batch/v1', 'cronjobs'],
  DbtProject: ['/apis/dbt-jobs.io/v1alpha1', 'dbtprojects'],
} as const;

/** A namespace with an engine in charge; made anew if it is there. */
export async function makeNamespace(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
  await request('DELETE', `/api/v1/namespaces/${name}`);
  await eventually(`namespace ${name} gone`, 120, async () =>
    (await request('GET', `/api/v1/namespaces/${name}`)).status === 404 ? true : undefined,
  );
  const made = await request('POST', '/api/v1/namespaces', { metadata: { name, labels } });
  if (made.status !== 201) throw new Error(`namespace ${name}: ${String(made.body['message'])}`);
  await eventually(`default ServiceAccount in ${name}`, 60, async () =>
    (await request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`)).status === 200
      ? true
      : undefined,
  );
}

/** Creates an object, or throws with the server's message. */
export async function create(kind: keyof typeof collections, namespace: string, object: Json): Promise<Json> {
  const answer = await request('POST', pathOf(kind, namespace), object);
  if (answer.status !== 201) throw new Error(`${kind} in ${namespace}: ${String(answer.body['message'])}`);
  return answer.body;
}

/** Writes the whole status of a DbtProject. */
export async function setStatus(namespace: string, name: string, status: Json): Promise<Json> {
  const answer = await request(
    'PATCH',
    `${pathOf('DbtProject', namespace, name)}/status`,
    { status },
    'application/merge-patch+json',
  );
  if (answer.status !== 200) throw new Error(`status of ${name}: ${String(answer.body['message'])}`);
  return answer.body;
}
