import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotations, labels } from '../../contract/names.ts';
import { problems } from '../../contract/problems.ts';
import { arbitraryPod, arbitraryProject } from './arbitrary.ts';
import { mutatePod } from './mutate-pod.ts';
import { passPodSecurity } from './pod-security.ts';
import type { Pod } from './pod.ts';
import { commitInForce, planImageInForce, samplePod, sampleProject } from './sample.ts';
import { defaultSettings } from './settings.ts';

const mutate = (pod: Pod, project = sampleProject()) => mutatePod(pod, project, defaultSettings);

describe('a labelled pod', () => {
  it('becomes one that clones the commit of the plan and runs its image', () => {
    const basic = [
      { name: 'dbt-jobs-repository', mountPath: '/dbt-jobs/repository' },
      { name: 'dbt-jobs-work', mountPath: '/dbt-jobs/work' },
    ];
    const restricted = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    };
    expect(mutate(samplePod())).toEqual({
      problems: [],
      pod: {
        metadata: {
          labels: { 'dbt-jobs.io/project': 'shop' },
          annotations: { 'dbt-jobs.io/project-uid': 'uid-of-shop', 'dbt-jobs.io/container': 'dbt' },
        },
        spec: {
          restartPolicy: 'Never',
          securityContext: { fsGroup: 65532 },
          initContainers: [
            {
              name: 'dbt-jobs-git-sync',
              image: 'registry.k8s.io/git-sync/git-sync:v4.7.1',
              imagePullPolicy: 'IfNotPresent',
              args: [
                '--repo=https://git.example.com/shop.git',
                `--ref=${commitInForce}`,
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
              resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
              securityContext: {
                ...restricted,
                readOnlyRootFilesystem: true,
                runAsUser: 65533,
                runAsGroup: 65533,
              },
              volumeMounts: [basic[0], { name: 'dbt-jobs-tmp', mountPath: '/tmp' }],
            },
          ],
          containers: [
            {
              name: 'dbt',
              image: planImageInForce,
              imagePullPolicy: 'IfNotPresent',
              args: ['build'],
              workingDir: '/dbt-jobs/repository/current',
              env: [
                { name: 'DBT_LOG_FORMAT', value: 'json' },
                { name: 'DBT_USE_COLORS', value: 'false' },
                { name: 'DBT_TARGET_PATH', value: '/dbt-jobs/work/target' },
                { name: 'DBT_LOG_PATH', value: '/dbt-jobs/work/logs' },
              ],
              resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
              securityContext: { ...restricted, runAsUser: 65532 },
              volumeMounts: basic,
            },
          ],
          volumes: [
            { name: 'dbt-jobs-repository', emptyDir: {} },
            { name: 'dbt-jobs-work', emptyDir: {} },
            { name: 'dbt-jobs-tmp', emptyDir: {} },
          ],
        },
      },
    });
  });

  it('with a problem gets the mark and what Pod Security asks, nothing else', () => {
    const pod = samplePod({ restartPolicy: 'Always' });
    expect(mutate(pod)).toEqual({
      problems: [problems.restartPolicy()],
      pod: {
        metadata: { ...pod.metadata, annotations: { [annotations.projectUid]: 'uid-of-shop' } },
        spec: passPodSecurity(pod).spec,
      },
    });
  });

  it('of an unknown project loses a forged mark and passes Pod Security', () => {
    const pod = samplePod({}, { annotations: { [annotations.projectUid]: 'forged', mine: 'x' } });
    expect(mutatePod(pod, undefined, defaultSettings)).toEqual({
      problems: [problems.unknownProject()],
      pod: { metadata: { ...pod.metadata, annotations: { mine: 'x' } }, spec: passPodSecurity(pod).spec },
    });
  });

  it('copied from a running one that the API server has completed is the same', () => {
    const { pod } = mutate(samplePod());
    const token = { name: 'kube-api-access-x', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
    const completed: Pod = {
      ...pod,
      spec: {
        ...pod.spec,
        initContainers: (pod.spec.initContainers ?? []).map((container) => ({
          ...container,
          terminationMessagePath: '/dev/termination-log',
          volumeMounts: [...(container.volumeMounts ?? []), token],
        })),
      },
    };
    expect(mutate(completed)).toEqual({ pod: completed, problems: [] });
  });
});

describe('every generated pod', () => {
  it('is the same when mutated again', () => {
    fc.assert(
      fc.property(arbitraryPod, arbitraryProject, (pod, project) => {
        const once = mutate(pod, project);
        expect(mutate(once.pod, project)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('is left as it came', () => {
    fc.assert(
      fc.property(arbitraryPod, arbitraryProject, (pod, project) => {
        const before = structuredClone(pod);
        mutate(pod, project);
        expect(pod).toEqual(before);
      }),
    );
  });

  it('is changed whole or, but for the mark and Pod Security, not at all', () => {
    fc.assert(
      fc.property(arbitraryPod, arbitraryProject, (pod, project) => {
        const { pod: mutated, problems: found } = mutate(pod, project);
        if (found.length > 0) expect(mutated.spec).toEqual(passPodSecurity(pod).spec);
        else expect(mutated.spec.initContainers?.[0]?.name).toBe('dbt-jobs-git-sync');
        expect(mutated.metadata?.annotations?.[annotations.projectUid]).toBe(project.metadata.uid);
      }),
    );
  });

  it('keeps every field of the user', () => {
    fc.assert(
      fc.property(arbitraryPod, arbitraryProject, (pod, project) => {
        const { pod: mutated } = mutate(pod, project);
        expect(kept(mutated, pod)).toEqual(kept(pod, pod));
      }),
      { numRuns: 500 },
    );
  });

  it('is untouched without the label', () => {
    fc.assert(
      fc.property(arbitraryPod, arbitraryProject, (pod, project) => {
        const own = Object.entries(pod.metadata?.labels ?? {}).filter(([name]) => name !== labels.project);
        const unlabelled = { ...pod, metadata: { ...pod.metadata, labels: Object.fromEntries(own) } };
        expect(mutate(unlabelled, project)).toEqual({ pod: unlabelled, problems: [] });
      }),
    );
  });
});

/** What of `pod` no mutation may change; of lists that ours join, the user's entries. */
function kept(pod: Pod, user: Pod): unknown {
  const { containers, initContainers = [], volumes = [], securityContext, ...spec } = pod.spec;
  const own = new Map(user.spec.initContainers?.map((container) => [container.name, container]));
  return {
    labels: pod.metadata?.labels,
    spec,
    volumes: volumes.filter(({ name }) => user.spec.volumes?.some((volume) => volume.name === name)),
    initContainers: initContainers
      .filter(({ name }) => own.has(name))
      .map((container) => ({ ...container, securityContext: own.get(container.name)?.securityContext })),
    security: { ...securityContext, fsGroup: user.spec.securityContext?.fsGroup },
    containers: containers?.map((container, index) => {
      const { env = [], envFrom = [], volumeMounts = [], command, args, name } = container;
      const before = user.spec.containers?.[index];
      return {
        name,
        command,
        args,
        env: env.slice(env.length - (before?.env?.length ?? 0)),
        envFrom: envFrom.slice(envFrom.length - (before?.envFrom?.length ?? 0)),
        volumeMounts: volumeMounts.slice(0, before?.volumeMounts?.length ?? 0),
        workingDir: before?.workingDir === undefined ? undefined : container.workingDir,
      };
    }),
  };
}
