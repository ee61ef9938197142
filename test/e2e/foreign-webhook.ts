import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { renewCertificates } from '../../webhook/certificate-authority.ts';
import { serviceDnsNames } from '../../webhook/certificates.ts';
import { createTlsServer, listen } from '../../webhook/listen.ts';
import { patch } from '../../webhook/patch.ts';
import type { Api } from '../conformance/engines/api.ts';
import { must } from '../conformance/engines/api.ts';
import { makeHostService, removeHostService } from '../conformance/engines/host-service.ts';
import type { Json } from '../conformance/json.ts';
import { webhookConfigurations } from './engine-copies.ts';

/** What somebody else's webhook makes of a pod. */
export type Change = (pod: Json) => Json;

export interface ForeignRegistration {
  /** Of the configuration: webhooks are called in the order of these names. */
  readonly name: string;
  /** A namespace with this label has its pods changed. */
  readonly label: string;
  readonly reinvocationPolicy: 'Never' | 'IfNeeded';
  readonly change: Change;
}

const service = { namespace: 'together-foreign', name: 'foreign' } as const;

const review = z.object({
  request: z.object({ uid: z.string(), object: z.record(z.string(), z.unknown()) }),
});

/** Webhooks of another team, served from this machine: they change every pod of their namespaces. Returns what ends them. */
export async function startForeignWebhooks(
  api: Api,
  registrations: readonly ForeignRegistration[],
): Promise<() => Promise<void>> {
  const { caBundle, leaf, leafKey } = await renewCertificates(
    'create',
    undefined,
    serviceDnsNames(service.name, service.namespace),
    Date.now(),
  );
  const changes = new Map(registrations.map(({ name, change }) => [`/${name}`, change]));
  const server = createTlsServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const change = changes.get((request.url ?? '').split('?')[0] ?? '') ?? ((pod) => pod);
      response.setHeader('content-type', 'application/json');
      response.end(answer(Buffer.concat(chunks).toString(), change));
    });
  });
  server.setSecureContext({ cert: leaf, key: leafKey });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const { name } of registrations) await api.request('DELETE', `${webhookConfigurations}/${name}`);
    await removeHostService(api, service);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  try {
    await must(api, [201, 409], 'POST', '/api/v1/namespaces', { metadata: { name: service.namespace } });
    await makeHostService(api, { ...service, port });
    for (const registration of registrations) await register(api, registration, caBundle);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function answer(text: string, change: Change): string {
  const { uid, object } = review.parse(JSON.parse(text)).request;
  const operations = Buffer.from(JSON.stringify(patch(object, change(object)))).toString('base64');
  const response = { uid, allowed: true, patchType: 'JSONPatch', patch: operations };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response });
}

async function register(
  api: Api,
  { name, label, reinvocationPolicy }: ForeignRegistration,
  caBundle: string,
): Promise<void> {
  await api.request('DELETE', `${webhookConfigurations}/${name}`);
  await must(api, [201], 'POST', webhookConfigurations, {
    metadata: { name },
    webhooks: [
      {
        name: `${name}.together.test`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
        reinvocationPolicy,
        namespaceSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        clientConfig: {
          service: { ...service, port: 443, path: `/${name}` },
          caBundle: Buffer.from(caBundle).toString('base64'),
        },
      },
    ],
  });
}
