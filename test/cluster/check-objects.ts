import { dump } from 'js-yaml';
import { busyboxImage } from './images/busybox-image.ts';

const container = (
  command: string,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  name: 'main',
  image: busyboxImage,
  command: ['sh', '-c', command],
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  ...more,
});

const restricted = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } };

/** A namespace at the `restricted` level with a web server, its Service, and a Job that needs more memory than it may. */
export const checkObjects = (namespace: string): string =>
  [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace, labels: { app: 'web' } },
      spec: {
        securityContext: { ...restricted, fsGroup: 2000 },
        volumes: [{ name: 'data', emptyDir: { sizeLimit: '16Mi' } }],
        terminationGracePeriodSeconds: 0,
        containers: [
          container('echo hello > /data/index.html; echo started; exec httpd -f -p 8080 -h /data', {
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
            readinessProbe: { httpGet: { port: 8080, path: '/index.html' }, periodSeconds: 1 },
          }),
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'hungry', namespace },
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            securityContext: restricted,
            restartPolicy: 'Never',
            containers: [container('exec tail /dev/zero', { resources: { limits: { memory: '64Mi' } } })],
          },
        },
      },
    },
  ]
    .map((object) => dump(object))
    .join('---\n');

export type WebhookPlace = {
  namespace: string;
  /** Where the webhook listens, outside of the cluster. */
  address: string;
  port: number;
  /** PEM. */
  certificate: string;
};

/** A Service whose endpoint is a server on the host, and a webhook for ConfigMaps that the API server calls through it. */
export const webhookObjects = ({ namespace, address, port, certificate }: WebhookPlace): string =>
  [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'webhook', namespace },
      spec: { ports: [{ name: 'https', port: 443, targetPort: port }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'webhook-host', namespace, labels: { 'kubernetes.io/service-name': 'webhook' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ name: 'https', port, protocol: 'TCP' }],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: namespace },
      webhooks: [
        {
          name: 'check.dbt-jobs.io',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          timeoutSeconds: 5,
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
          ],
          clientConfig: {
            service: { name: 'webhook', namespace, port: 443, path: '/' },
            caBundle: Buffer.from(certificate).toString('base64'),
          },
        },
      ],
    },
  ]
    .map((object) => dump(object))
    .join('---\n');
