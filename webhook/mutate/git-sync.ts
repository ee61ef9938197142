import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import { containers, gitSync, paths } from '../../contract/names.ts';
import type { Injection } from './injection.ts';
import { changeDbtContainer, projectFolder } from './injection.ts';
import type { Container, Pod } from './pod.ts';
import type { Settings } from './settings.ts';
import { projectResources } from './resources.ts';
import { gitSyncMounts } from './volumes.ts';

/**
 * An init container clones the commit of the plan, and dbt starts in the project's folder. init-containers.ts says
 * where the container stands.
 *
 * Sets: spec.containers[dbt].workingDir.
 * Leaves alone when: the container sets a working directory.
 * Clause: C14.
 */
export function mutateWorkingDirectory(pod: Pod, injection: Injection): Pod {
  return changeDbtContainer(pod, injection, (container) =>
    (container.workingDir ?? '') === ''
      ? { ...container, workingDir: projectFolder(injection.project) }
      : container,
  );
}

export function gitSyncContainer(project: DbtProject, plan: Plan, settings: Settings): Container {
  return {
    name: containers.gitSync,
    image: settings.gitSyncImage,
    imagePullPolicy: 'IfNotPresent',
    args: gitSyncArguments(project, plan),
    // Closed, and its transports too: git would else follow file: and ext: addresses.
    env: [gitSync.allowProtocol],
    // The pod requests the most that one of its steps does: these cost nothing more, and keep its QoS class.
    resources: projectResources(project),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: gitSync.uid,
      runAsGroup: gitSync.uid,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: gitSyncMounts(project),
  };
}

function gitSyncArguments(project: DbtProject, plan: Plan): readonly string[] {
  const { url, depth, submodules } = project.spec.repository;
  return [
    // One argument each: git-sync hands them to git without "--", and a value of its own could be taken for a flag.
    `--repo=${url}`,
    `--ref=${plan.commit}`,
    `--root=${paths.repository}`,
    '--link=current',
    '--one-time',
    `--depth=${depth}`,
    `--submodules=${submodules ? 'recursive' : 'off'}`,
    `--sync-timeout=${gitSync.syncTimeout}`,
    `--max-failures=${gitSync.maxFailures}`,
    `--period=${gitSync.period}`,
    '--group-write',
    ...cloneCredentials(project),
    `--git-config=${gitConfig(project)}`,
  ];
}

function cloneCredentials({ spec }: DbtProject): readonly string[] {
  const { url, secretName, username } = spec.repository;
  if (secretName === undefined) return [];
  return url.startsWith('ssh://')
    ? [
        `--ssh-key-file=${paths.clone}/ssh-privatekey`,
        '--ssh-known-hosts=true',
        `--ssh-known-hosts-file=${paths.clone}/known_hosts`,
      ]
    : [`--username=${username}`, `--password-file=${paths.clone}/password`];
}

function gitConfig({ spec }: DbtProject): string {
  const { caBundle, proxy } = spec.repository;
  return [
    'http.followRedirects:false',
    // git-sync's own timeout does not end a clone whose server has fallen silent.
    'http.lowSpeedLimit:1',
    'http.lowSpeedTime:60',
    ...(caBundle === undefined ? [] : [`http.sslCAInfo:${paths.caFile}`]),
    ...(proxy === undefined ? [] : [`http.proxy:${proxy}`]),
  ].join(',');
}
