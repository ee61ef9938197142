import { beforeAll, describe, expect, it } from 'vitest';
import { create, type Json, makeNamespace, pathOf, request, setStatus } from './api.ts';
import { labelled, pod } from './pods.ts';
import { commitA, imageA, plans, project } from './projects.ts';

const namespace = 'e2e-injection';

beforeAll(async () => {
  await makeNamespace(namespace, { 'dbt-jobs.io/engine': 'webhook' });
  await create('DbtProject', namespace, project('shop'));
  await setStatus(namespace, 'shop', plans);
});

describe('a labelled pod is injected', () => {
  it('whole, as the contract says', async () => {
    const answer = await request(
      'POST',
      `${pathOf('Pod', namespace)}?dryRun=All`,
      labelled('shop', pod({ automountServiceAccountToken: false })),
    );
    expect(withoutDefaults(answer.body['spec'] as Json)).toEqual(injected);
  });
});

/** Without what the API server adds to any pod. */
function withoutDefaults(spec: Json): Json {
  const { containers: all, initContainers, volumes, securityContext } = spec;
  const strip = (container: Json): Json => {
    const rest: Record<string, unknown> = { ...container };
    delete rest['terminationMessagePath'];
    delete rest['terminationMessagePolicy'];
    return rest;
  };
  return {
    securityContext,
    volumes,
    initContainers: (initContainers as readonly Json[]).map(strip),
    containers: (all as readonly Json[]).map(strip),
  };
}

const injected: Json = {
  securityContext: { fsGroup: 65_532 },
  volumes: [
    { name: 'dbt-jobs-repository', emptyDir: {} },
    { name: 'dbt-jobs-work', emptyDir: {} },
    { name: 'dbt-jobs-tmp', emptyDir: {} },
  ],
  initContainers: [
    {
      name: 'dbt-jobs-git-sync',
      image: 'dbt-jobs.local/git-sync:v4',
      imagePullPolicy: 'IfNotPresent',
      args: [
        '--repo=https://git.example/shop.git',
        `--ref=${commitA}`,
        '--root=/dbt-jobs/repository',
        '--link=current',
        '--one-time',
        '--depth=1',
        '--submodules=off',
        '--sync-timeout=300s',
        '--max-failures=3',
        '--period=5s',
        '--group-write',
        '--git-config=http.followRedirects:false,http.lowSpeedLimit:1,http.lowSpeedTime:60',
      ],
      env: [{ name: 'GIT_ALLOW_PROTOCOL', value: 'https:ssh' }],
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '256Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        runAsUser: 65_533,
        runAsGroup: 65_533,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumeMounts: [
        { name: 'dbt-jobs-repository', mountPath: '/dbt-jobs/repository' },
        { name: 'dbt-jobs-tmp', mountPath: '/tmp' },
      ],
    },
  ],
  containers: [
    {
      name: 'dbt',
      image: imageA,
      imagePullPolicy: 'IfNotPresent',
      command: ['dbt', 'build'],
      workingDir: '/dbt-jobs/repository/current',
      env: [
        { name: 'DBT_LOG_FORMAT', value: 'json' },
        { name: 'DBT_USE_COLORS', value: 'false' },
        { name: 'DBT_TARGET_PATH', value: '/dbt-jobs/work/target' },
        { name: 'DBT_LOG_PATH', value: '/dbt-jobs/work/logs' },
      ],
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '256Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        runAsUser: 65_532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumeMounts: [
        { name: 'dbt-jobs-repository', mountPath: '/dbt-jobs/repository' },
        { name: 'dbt-jobs-work', mountPath: '/dbt-jobs/work' },
      ],
    },
  ],
};
