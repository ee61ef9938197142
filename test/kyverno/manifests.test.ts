import { describe, expect, it } from 'vitest';
import { admissionControllerOf } from './manifests.ts';
import { parseManifest } from './release.ts';
import type { KubernetesObject } from './release.ts';

const role = (kind: string, name: string, component: string): string => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: '${name}', labels: { app.kubernetes.io/component: ${component} } }
`;
const crd = (name: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${name} }
`;
const otherDeployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: kyverno-reports-controller, labels: { app.kubernetes.io/component: reports-controller } }
`;
const namespace = `
apiVersion: v1
kind: Namespace
metadata: { name: kyverno, labels: { app.kubernetes.io/part-of: kyverno } }
`;
const controller = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: kyverno-admission-controller
  namespace: kyverno
  labels: { app.kubernetes.io/component: admission-controller }
spec:
  replicas:
  revisionHistoryLimit: 10
  template:
    spec:
      serviceAccountName: kyverno-admission-controller
      initContainers: [{ name: kyverno-pre, image: 'reg.example/kyvernopre:latest' }]
      containers:
        - name: kyverno
          image: reg.example/kyverno:latest
          args:
            - --servicePort=443
            - --backgroundServiceAccountName=system:serviceaccount:kyverno:kyverno-background-controller
            - --reportsServiceAccountName=system:serviceaccount:kyverno:kyverno-reports-controller
            - --admissionReports=true
            - --enablePolicyException=false
          resources: { limits: { memory: 384Mi }, requests: { cpu: 100m, memory: 128Mi } }
          startupProbe: { failureThreshold: 20, initialDelaySeconds: 2, periodSeconds: 6 }
          readinessProbe: { failureThreshold: 6, initialDelaySeconds: 5, periodSeconds: 10, timeoutSeconds: 5 }
          volumeMounts: [{ mountPath: /.sigstore, name: sigstore }]
      volumes: [{ name: sigstore, emptyDir: {} }]
`;

const documents = [
  crd('mutatingpolicies.policies.kyverno.io'),
  crd('policyreports.wgpolicyk8s.io'),
  namespace,
  role('ClusterRole', 'kyverno:admission-controller', 'admission-controller'),
  role('ClusterRole', 'kyverno:background-controller', 'background-controller'),
  role('ClusterRole', 'kyverno:cleanup-controller', 'cleanup-controller'),
  role('ClusterRole', 'kyverno:rbac:view:policies', 'rbac'),
  role('ClusterRoleBinding', 'kyverno:admission-controller', 'admission-controller'),
  role('ClusterRoleBinding', 'kyverno:admission-controller:view', 'admission-controller'),
  controller,
  otherDeployment,
];
const releaseOf = (...parts: readonly string[]): KubernetesObject[] => parseManifest(parts.join('---\n'));
const image = 'dbt-jobs.io/kyverno:v1';
const objects = admissionControllerOf(releaseOf(...documents), image);

describe("what is installed of Kyverno's release", () => {
  it('is the admission controller with its roles and CRDs, without the right to view all; the namespace comes first', () => {
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace kyverno',
      'CustomResourceDefinition mutatingpolicies.policies.kyverno.io',
      'ClusterRole kyverno:admission-controller',
      'ClusterRole kyverno:rbac:view:policies',
      'ClusterRoleBinding kyverno:admission-controller',
      'Deployment kyverno-admission-controller',
    ]);
  });

  it('says by its namespace whose it is', () => {
    expect(objects[0]?.metadata.labels).toEqual({
      'app.kubernetes.io/part-of': 'kyverno',
      'app.kubernetes.io/managed-by': 'dbt-jobs-test',
    });
  });

  it('runs once, from our image, without what belongs to the other controllers', () => {
    expect(objects.at(-1)?.['spec']).toEqual({
      replicas: 1,
      revisionHistoryLimit: 10,
      template: {
        spec: {
          serviceAccountName: 'kyverno-admission-controller',
          initContainers: [],
          containers: [
            {
              name: 'kyverno',
              image,
              args: [
                '--servicePort=443',
                '--admissionReports=false',
                '--enablePolicyException=true',
                '--exceptionNamespace=kyverno',
              ],
              resources: { limits: { memory: '384Mi' }, requests: { cpu: '50m', memory: '128Mi' } },
              startupProbe: { failureThreshold: 120, initialDelaySeconds: 0, periodSeconds: 1 },
              readinessProbe: {
                failureThreshold: 6,
                initialDelaySeconds: 0,
                periodSeconds: 1,
                timeoutSeconds: 5,
              },
              volumeMounts: [{ mountPath: '/.sigstore', name: 'sigstore' }],
            },
          ],
          volumes: [{ name: 'sigstore', emptyDir: {} }],
        },
      },
    });
  });

  const others: Record<string, { release: readonly string[]; said: string }> = {
    'no controller': { release: [namespace, otherDeployment], said: 'found Namespace kyverno' },
    'the controller twice': {
      release: [namespace, controller, controller],
      said: 'found Namespace kyverno, Deployment kyverno-admission-controller, Deployment kyverno-admission-controller',
    },
    'no namespace': {
      release: [controller],
      said: 'Namespace kyverno, Deployment kyverno-admission-controller expected, found Deployment kyverno-admission-controller',
    },
    'another container in the controller': {
      release: [namespace, controller.replace('- name: kyverno', '- name: other')],
      said: 'spec.template.spec.containers[0].name',
    },
  };
  it.each(Object.entries(others))('is refused of a release with %s', (_sentence, { release, said }) => {
    expect(() => admissionControllerOf(releaseOf(...release), image)).toThrow(said);
  });
});

it('names the document that is no object', () => {
  expect(() => releaseOf(namespace, 'kind: Service\n')).toThrow('document 2 of the manifest: apiVersion');
});
