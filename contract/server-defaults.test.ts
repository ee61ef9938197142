import { describe, expect, it } from 'vitest';
import { withoutServerDefaults } from './server-defaults.ts';

const sent = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'nightly-', labels: { 'dbt-jobs.io/project': 'shop' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'dbt', image: 'plan:current' }] },
};

/** As API server 1.36 gives it back where no engine is in charge. */
const returned = {
  ...sent,
  metadata: {
    ...sent.metadata,
    name: 'nightly-x7k2p',
    namespace: 'acme',
    uid: 'u1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    generation: 1,
    managedFields: [{}],
  },
  spec: {
    volumes: [{ name: 'kube-api-access-abcde', projected: { defaultMode: 420, sources: [] } }],
    containers: [
      {
        name: 'dbt',
        image: 'plan:current',
        resources: {},
        volumeMounts: [
          {
            name: 'kube-api-access-abcde',
            readOnly: true,
            mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
          },
        ],
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: [
      {
        key: 'node.kubernetes.io/not-ready',
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      },
      {
        key: 'node.kubernetes.io/unreachable',
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  },
  status: { phase: 'Pending', qosClass: 'BestEffort' },
};

const [container] = returned.spec.containers;

describe('withoutServerDefaults', () => {
  it('gives back the pod that was sent, where nobody else changed it', () => {
    expect(withoutServerDefaults(sent, returned)).toEqual(sent);
  });

  it('keeps a default that was written by hand', () => {
    const own = { ...sent, spec: { ...sent.spec, dnsPolicy: 'ClusterFirst', volumes: [] } };
    expect(withoutServerDefaults(own, returned)).toEqual(own);
  });

  it('keeps a toleration that was written by hand, though the server would have added it', () => {
    const tolerations = returned.spec.tolerations.slice(0, 1);
    const own = { ...sent, spec: { ...sent.spec, tolerations } };
    expect(withoutServerDefaults(own, returned)).toEqual(own);
  });

  it('keeps what an engine adds, less what the server fills in there', () => {
    const changed = {
      ...returned,
      spec: {
        ...returned.spec,
        initContainers: [{ ...container, name: 'dbt-jobs-git-sync', image: 'git-sync:v4' }],
        containers: [{ ...container, image: 'shop:7', imagePullPolicy: 'Always' }],
        securityContext: { fsGroup: 65532 },
        volumes: [
          ...returned.spec.volumes,
          { name: 'dbt-jobs-repository', emptyDir: {} },
          { name: 'dbt-jobs-credentials-0', secret: { secretName: 'warehouse', defaultMode: 0o440 } },
          { name: 'dbt-jobs-ca', configMap: { name: 'ca', defaultMode: 0o644 } },
        ],
      },
    };
    expect(withoutServerDefaults(sent, changed)).toEqual({
      ...sent,
      spec: {
        ...sent.spec,
        initContainers: [{ name: 'dbt-jobs-git-sync', image: 'git-sync:v4' }],
        containers: [{ name: 'dbt', image: 'shop:7', imagePullPolicy: 'Always' }],
        securityContext: { fsGroup: 65532 },
        volumes: [
          { name: 'dbt-jobs-repository', emptyDir: {} },
          { name: 'dbt-jobs-credentials-0', secret: { secretName: 'warehouse', defaultMode: 0o440 } },
          { name: 'dbt-jobs-ca', configMap: { name: 'ca' } },
        ],
      },
    });
  });

  it('keeps a changed value and another toleration', () => {
    const toleration = { key: 'dedicated', operator: 'Exists' };
    const changed = {
      ...returned,
      spec: { ...returned.spec, priority: 1000, tolerations: [...returned.spec.tolerations, toleration] },
    };
    expect(withoutServerDefaults(sent, changed)).toEqual({
      ...sent,
      spec: { ...sent.spec, priority: 1000, tolerations: [toleration] },
    });
  });
});
