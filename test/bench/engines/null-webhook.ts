import { readFileSync } from 'node:fs';
import { renewCertificates } from '../../../webhook/certificate-authority.ts';
import { serviceDnsNames } from '../../../webhook/certificates.ts';
import { listOf } from '../../kyverno/kubectl.ts';
import type { EveryEngine } from '../../e2e/every-engine.ts';

export const nullNamespace = 'bench-null-webhook';
/** On the namespaces whose pods the null webhook changes. */
export const nullLabel = 'bench-null-webhook';
const name = 'null-webhook';

/** Installs the null webhook with the image, the replicas and the resources of the webhook that is installed. */
export async function installNullWebhook({ commands }: EveryEngine): Promise<void> {
  const { caBundle, leaf, leafKey } = await renewCertificates(
    'create',
    undefined,
    serviceDnsNames(name, nullNamespace),
    Date.now(),
  );
  const image = await commands.kubectl(
    'get',
    'deployment/dbt-jobs-webhook',
    '--namespace=dbt-jobs-system',
    '--output=jsonpath={.spec.template.spec.containers[0].image}',
  );
  const metadata = { name, namespace: nullNamespace };
  await commands.apply(
    listOf([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: nullNamespace } },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data: { 'server.ts': readFileSync(new URL('null-server.ts', import.meta.url), 'utf8') },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { 'tls.crt': leaf, 'tls.key': leafKey } },
      deployment(image),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: { app: name }, ports: [{ port: 443, targetPort: 8443 }] },
      },
    ]),
  );
  await commands.kubectl('rollout', 'status', `deployment/${name}`, '-n', nullNamespace, '--timeout=120s');
  await commands.apply(listOf([configuration(caBundle)]));
}

export async function removeNullWebhook({ commands }: EveryEngine): Promise<void> {
  await commands.kubectl('delete', 'mutatingwebhookconfiguration', name, '--ignore-not-found');
  await commands.kubectl('delete', 'namespace', nullNamespace, '--ignore-not-found', '--wait=false');
}

function deployment(image: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: nullNamespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'webhook',
              image,
              imagePullPolicy: 'IfNotPresent',
              args: ['/server/server.ts'],
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
              readinessProbe: { tcpSocket: { port: 8443 }, periodSeconds: 1 },
              volumeMounts: [
                { name: 'server', mountPath: '/server' },
                { name: 'certificate', mountPath: '/certificate' },
              ],
            },
          ],
          volumes: [
            { name: 'server', configMap: { name } },
            { name: 'certificate', secret: { secretName: name } },
          ],
        },
      },
    },
  };
}

/** Selects as the chart's configuration does, and asks as it does. */
function configuration(caBundle: string): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: 'null.bench.example.com',
        admissionReviewVersions: ['v1'],
        clientConfig: {
          service: { name, namespace: nullNamespace, port: 443, path: '/' },
          caBundle: Buffer.from(caBundle).toString('base64'),
        },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        namespaceSelector: { matchExpressions: [{ key: nullLabel, operator: 'Exists' }] },
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        reinvocationPolicy: 'IfNeeded',
        sideEffects: 'None',
        timeoutSeconds: 5,
      },
    ],
  };
}
