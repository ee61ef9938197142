import { labels } from '../../../contract/names.ts';
import type { Json } from '../api.ts';
import { labelled, pod } from '../pods.ts';
import { plans, project } from '../projects.ts';

/** A digest, as clusters ask for: nothing here is pulled. */
export const gitSyncImage = `registry.example/git-sync@sha256:${'9'.repeat(64)}`;

const everything: Json = {
  repository: {
    url: 'https://git.example/shop.git',
    secretName: 'clone',
    caBundle: { configMapName: 'ca' },
  },
  credentials: [{ secretName: 'warehouse', as: 'files' }],
  profiles: { configMapName: 'profiles' },
};

/** With the QoS class that pods of the project get. Each has all that an engine may inject. */
export const variants = {
  guaranteed: {
    qosClass: 'Guaranteed',
    project: project('shop', {
      ...everything,
      packages: { from: 'image', path: '/opt/packages' },
      resources: {
        requests: { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '1Gi' },
        limits: { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '1Gi' },
      },
    }),
  },
  burstable: {
    qosClass: 'Burstable',
    project: project('shop', {
      ...everything,
      packages: { from: 'install' },
      resources: {
        requests: { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '1Gi' },
        limits: { memory: '256Mi', 'ephemeral-storage': '1Gi' },
      },
    }),
  },
};

export const status = plans;

/** What only the pod's author can write: the rest is the engine's. */
const dbtContainers: readonly Json[] = [
  {
    name: 'dbt',
    image: 'plan:current',
    command: ['dbt', 'build'],
    securityContext: { readOnlyRootFilesystem: true },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  },
];
const submitted: Json = {
  automountServiceAccountToken: false,
  securityContext: { runAsGroup: 65_532 },
  volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '100Mi' } }],
  containers: dbtContainers,
};

const owned: Json = {
  ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'nightly', uid: 'uid-of-nightly' }],
};

/** As a Job's controller makes it. */
export const submittedPod: Json = labelled('shop', pod(submitted, owned));

/** Every engine leaves a sidecar as it is. */
export const podWithSidecar: Json = labelled(
  'shop',
  pod({ ...submitted, containers: [...dbtContainers, { name: 'careless', image: 'careless' }] }, owned),
);

const jobSpec: Json = {
  backoffLimit: 0,
  template: {
    metadata: { labels: { [labels.project]: 'shop' } },
    spec: { restartPolicy: 'Never', ...submitted },
  },
};

export const submittedJob: Json = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'nightly' },
  spec: jobSpec,
};

export const unlabelledJob: Json = {
  ...submittedJob,
  spec: { ...jobSpec, template: { spec: { restartPolicy: 'Never', ...submitted } } },
};

export const submittedCronJob: Json = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'nightly' },
  spec: { schedule: '0 2 * * *', startingDeadlineSeconds: 600, jobTemplate: { spec: jobSpec } },
};

/** Breaks every policy but the next one's: what refuses it is at work. */
const carelessPod: Json = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'careless',
    annotations: { 'container.apparmor.security.beta.kubernetes.io/careless-0': 'unconfined' },
  },
  spec: {
    hostNetwork: true,
    hostPID: true,
    securityContext: {
      runAsUser: 0,
      runAsGroup: 0,
      fsGroup: 0,
      supplementalGroups: [0],
      sysctls: [{ name: 'kernel.msgmax', value: '1' }],
      seLinuxOptions: { user: 'root', role: 'root', type: 'own' },
      appArmorProfile: { type: 'Unconfined' },
      seccompProfile: { type: 'Unconfined' },
      windowsOptions: { hostProcess: true },
    },
    volumes: [
      { name: 'host', hostPath: { path: '/' } },
      { name: 'scratch', emptyDir: {} },
    ],
    containers: Array.from({ length: 5 }, (_, index) => ({
      name: `careless-${index}`,
      image: 'careless',
      env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'secret', key: 'token' } } }],
      envFrom: [{ secretRef: { name: 'secret' } }],
      ports: [{ containerPort: 80 + index, hostPort: 80 + index }],
      resources: { requests: { memory: '1Mi' }, limits: { cpu: '1', memory: '2Mi' } },
      securityContext: {
        privileged: true,
        capabilities: { add: ['SYS_ADMIN'] },
        windowsOptions: { hostProcess: true },
      },
      volumeMounts: [
        { name: 'host', mountPath: '/host' },
        { name: 'scratch', mountPath: '/scratch' },
      ],
    })),
  },
};

/** The API server has it only without host namespaces. */
const unmaskedPod: Json = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'unmasked' },
  spec: {
    hostUsers: false,
    containers: [{ name: 'unmasked', image: 'careless', securityContext: { procMount: 'Unmasked' } }],
  },
};

export const carelessPods = [carelessPod, unmaskedPod];
