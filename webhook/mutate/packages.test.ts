import { describe, expect, it } from 'vitest';
import { packagesContainer } from './packages.ts';
import type { Container, PodSecurityContext } from './pod.ts';
import { planImageInForce, sampleInjection, sampleProject } from './sample.ts';

function containerFor(
  spec: Readonly<Record<string, unknown>>,
  podSecurity?: PodSecurityContext,
): Container | undefined {
  const { project, plan } = sampleInjection(sampleProject(spec));
  return packagesContainer(project, plan, podSecurity);
}

const url = 'https://git.example.com/shop.git';
const posture = [
  { name: 'DBT_LOG_FORMAT', value: 'json' },
  { name: 'DBT_USE_COLORS', value: 'false' },
  { name: 'DBT_TARGET_PATH', value: '/dbt-jobs/work/target' },
  { name: 'DBT_LOG_PATH', value: '/dbt-jobs/work/logs' },
];
const everything = {
  repository: { url, subdirectory: 'dbt', caBundle: { configMapName: 'ca' } },
  credentials: [{ secretName: 'warehouse' }, { secretName: 'files', as: 'files' }],
  environment: [{ name: 'SCHEMA', value: 'prod' }],
  profiles: { configMapName: 'profiles' },
};

describe('the packages container', () => {
  it('is absent where the repository has the packages', () => {
    expect(containerFor({ packages: { from: 'none' } })).toBeUndefined();
  });

  it('links a folder of the image', () => {
    expect(containerFor({ packages: { from: 'image', path: '/opt/packages' } })).toEqual({
      name: 'dbt-jobs-packages',
      image: planImageInForce,
      imagePullPolicy: 'IfNotPresent',
      command: ['ln', '-sfn', '/opt/packages', 'dbt_packages'],
      workingDir: '/dbt-jobs/repository/current',
      env: posture,
      resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        seccompProfile: { type: 'RuntimeDefault' },
        runAsNonRoot: true,
        runAsUser: 65532,
      },
      volumeMounts: [
        { name: 'dbt-jobs-repository', mountPath: '/dbt-jobs/repository' },
        { name: 'dbt-jobs-work', mountPath: '/dbt-jobs/work' },
        { name: 'dbt-jobs-tmp', mountPath: '/tmp' },
      ],
    });
  });

  it('installs with the environment, the CA and the profiles of the project, and without its credentials', () => {
    const container = containerFor({ ...everything, packages: { from: 'install' } });
    expect(container).toMatchObject({
      command: ['dbt', 'deps'],
      workingDir: '/dbt-jobs/repository/current/dbt',
      env: [
        ...posture,
        { name: 'DBT_PROFILES_DIR', value: '/dbt-jobs/profiles' },
        { name: 'GIT_SSL_CAINFO', value: '/dbt-jobs/ca/ca.crt' },
        { name: 'SCHEMA', value: 'prod' },
      ],
      volumeMounts: [
        { name: 'dbt-jobs-repository', mountPath: '/dbt-jobs/repository' },
        { name: 'dbt-jobs-work', mountPath: '/dbt-jobs/work' },
        { name: 'dbt-jobs-tmp', mountPath: '/tmp' },
        { name: 'dbt-jobs-ca', mountPath: '/dbt-jobs/ca', readOnly: true },
        { name: 'dbt-jobs-profiles', mountPath: '/dbt-jobs/profiles', readOnly: true },
      ],
    });
    expect(container).not.toHaveProperty('envFrom');
  });

  it('has neither the CA nor the profiles where it only links', () => {
    const container = containerFor({ ...everything, packages: { from: 'image', path: '/opt/packages' } });
    expect(container?.volumeMounts?.map(({ name }) => name)).toEqual([
      'dbt-jobs-repository',
      'dbt-jobs-work',
      'dbt-jobs-tmp',
    ]);
    expect(container?.env?.map(({ name }) => name)).not.toContain('GIT_SSL_CAINFO');
  });

  it.each([{ runAsUser: 1000 }, { runAsNonRoot: false }])('runs as the pod says: %o', (podSecurity) => {
    expect(containerFor({ packages: { from: 'install' } }, podSecurity)?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });
});
