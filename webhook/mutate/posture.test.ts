import { describe, expect, it } from 'vitest';
import type { Container, PodSecurityContext, SecurityContext } from './pod.ts';
import { mutatePosture } from './posture.ts';
import { dbtContainerOf, sampleInjection, samplePod, sampleProject } from './sample.ts';

const project = sampleProject({
  credentials: [{ secretName: 'warehouse', keys: ['PASSWORD'] }],
  environment: [
    { name: 'SCHEMA', value: 'prod' },
    { name: 'THREADS', value: '8' },
  ],
  profiles: { configMapName: 'profiles' },
});

const env = {
  format: { name: 'DBT_LOG_FORMAT', value: 'json' },
  colors: { name: 'DBT_USE_COLORS', value: 'false' },
  target: { name: 'DBT_TARGET_PATH', value: '/dbt-jobs/work/target' },
  logs: { name: 'DBT_LOG_PATH', value: '/dbt-jobs/work/logs' },
  profiles: { name: 'DBT_PROFILES_DIR', value: '/dbt-jobs/profiles' },
  password: { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'warehouse', key: 'PASSWORD' } } },
  schema: { name: 'SCHEMA', value: 'prod' },
  threads: { name: 'THREADS', value: '8' },
};

describe('the environment of the dbt container', () => {
  const cases: Record<string, { own?: Container['env']; mutated: Container['env'] }> = {
    'is posture, listed keys, spec.environment': { mutated: Object.values(env) },
    'ends with the user’s own, whose names are not added': {
      own: [
        { name: 'MINE', value: '$(THREADS)' },
        { name: 'SCHEMA', value: 'dev' },
        { name: 'DBT_LOG_FORMAT', value: 'text' },
      ],
      mutated: [
        env.colors,
        env.target,
        env.logs,
        env.profiles,
        env.password,
        env.threads,
        { name: 'MINE', value: '$(THREADS)' },
        { name: 'SCHEMA', value: 'dev' },
        { name: 'DBT_LOG_FORMAT', value: 'text' },
      ],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { own, mutated }) => {
    const pod = samplePod({ containers: [{ name: 'dbt', ...(own === undefined ? {} : { env: own }) }] });
    expect(dbtContainerOf(mutatePosture(pod, sampleInjection(project))).env).toEqual(mutated);
  });

  it('has no profiles folder where the repository has the profiles', () => {
    const mutated = dbtContainerOf(mutatePosture(samplePod(), sampleInjection()));
    expect(mutated.env).toEqual([env.format, env.colors, env.target, env.logs]);
  });
});

const seccomp = { seccompProfile: { type: 'RuntimeDefault' } };
const closed = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const user = { runAsNonRoot: true, runAsUser: 65532 };

describe('the security context of the dbt container', () => {
  const cases: Record<string, { own?: SecurityContext; pod?: PodSecurityContext; mutated: SecurityContext }> =
    {
      'passes Pod Security restricted': { mutated: { ...closed, ...seccomp, ...user } },
      'keeps the user that the container sets': {
        own: { runAsUser: 0 },
        mutated: { ...closed, ...seccomp, runAsUser: 0 },
      },
      'adds no user where the container says runAsNonRoot': {
        own: { runAsNonRoot: true },
        mutated: { ...closed, ...seccomp, runAsNonRoot: true },
      },
      'adds no user where the pod sets one': { pod: { runAsUser: 1000 }, mutated: { ...closed, ...seccomp } },
      'adds no user where the pod says runAsNonRoot': {
        pod: { runAsNonRoot: true },
        mutated: { ...closed, ...seccomp },
      },
      'adds no seccomp profile where the pod sets one': {
        pod: { seccompProfile: { type: 'Unconfined' } },
        mutated: { ...closed, ...user },
      },
      'keeps what the container sets': {
        own: {
          allowPrivilegeEscalation: true,
          capabilities: { add: ['CHOWN'], drop: ['KILL'] },
          seccompProfile: { type: 'Unconfined' },
        },
        mutated: {
          allowPrivilegeEscalation: true,
          capabilities: { add: ['CHOWN'], drop: ['KILL'] },
          seccompProfile: { type: 'Unconfined' },
          ...user,
        },
      },
      'says nothing of escalation where the container is privileged': {
        own: { privileged: true },
        mutated: { privileged: true, capabilities: { drop: ['ALL'] }, ...seccomp, ...user },
      },
      'says nothing of escalation beside a capability that is as good as root': {
        own: { capabilities: { add: ['CAP_SYS_ADMIN'] } },
        mutated: { capabilities: { add: ['CAP_SYS_ADMIN'], drop: ['ALL'] }, ...seccomp, ...user },
      },
      'drops all capabilities beside those that are added': {
        own: { capabilities: { add: ['CHOWN'] } },
        mutated: { ...closed, capabilities: { add: ['CHOWN'], drop: ['ALL'] }, ...seccomp, ...user },
      },
    };
  it.each(Object.entries(cases))('%s', (_, { own, pod: podSecurity, mutated }) => {
    const pod = samplePod({
      containers: [{ name: 'dbt', ...(own === undefined ? {} : { securityContext: own }) }],
      ...(podSecurity === undefined ? {} : { securityContext: podSecurity }),
    });
    expect(dbtContainerOf(mutatePosture(pod, sampleInjection())).securityContext).toEqual(mutated);
  });
});

describe('the security context of the pod', () => {
  const cases: Record<string, { own?: PodSecurityContext; mutated: PodSecurityContext }> = {
    'gets the group of the project': { mutated: { fsGroup: 65532 } },
    'keeps its group': { own: { fsGroup: 0 }, mutated: { fsGroup: 0 } },
    'keeps every other field': { own: { runAsUser: 1000 }, mutated: { runAsUser: 1000, fsGroup: 65532 } },
  };
  it.each(Object.entries(cases))('%s', (_, { own, mutated }) => {
    const pod = samplePod(own === undefined ? {} : { securityContext: own });
    expect(mutatePosture(pod, sampleInjection()).spec.securityContext).toEqual(mutated);
  });
});
