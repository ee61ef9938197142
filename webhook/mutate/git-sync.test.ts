import { describe, expect, it } from 'vitest';
import { gitSyncContainer, mutateWorkingDirectory } from './git-sync.ts';
import type { Container } from './pod.ts';
import { commitInForce, dbtContainerOf, sampleInjection, samplePod, sampleProject } from './sample.ts';

function containerFor(repository: object): Container {
  const { project, plan } = sampleInjection(sampleProject({ repository }));
  return gitSyncContainer(project, plan, { gitSyncImage: 'git-sync:pinned' });
}

const common = [
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
];
const url = 'https://git.example.com/shop.git';

describe('git-sync', () => {
  it('is one closed container', () => {
    expect(containerFor({ url })).toEqual({
      name: 'dbt-jobs-git-sync',
      image: 'git-sync:pinned',
      imagePullPolicy: 'IfNotPresent',
      args: [
        `--repo=${url}`,
        ...common,
        '--git-config=http.followRedirects:false,http.lowSpeedLimit:1,http.lowSpeedTime:60',
      ],
      env: [{ name: 'GIT_ALLOW_PROTOCOL', value: 'https:ssh' }],
      resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        runAsUser: 65533,
        runAsGroup: 65533,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumeMounts: [
        { name: 'dbt-jobs-repository', mountPath: '/dbt-jobs/repository' },
        { name: 'dbt-jobs-tmp', mountPath: '/tmp' },
      ],
    });
  });

  const ssh = 'ssh://git@git.example.com/shop.git';
  const cases: Record<string, { repository: object; args: string[]; mounts: string[] }> = {
    'reads a password from a file, and a user name from the project': {
      repository: { url, secretName: 'clone', username: 'robot' },
      args: [
        `--repo=${url}`,
        ...common,
        '--username=robot',
        '--password-file=/dbt-jobs/clone/password',
        '--git-config=http.followRedirects:false,http.lowSpeedLimit:1,http.lowSpeedTime:60',
      ],
      mounts: ['dbt-jobs-repository', 'dbt-jobs-tmp', 'dbt-jobs-clone'],
    },
    'reads an ssh key and the known hosts from files': {
      repository: { url: ssh, secretName: 'clone' },
      args: [
        `--repo=${ssh}`,
        ...common,
        '--ssh-key-file=/dbt-jobs/clone/ssh-privatekey',
        '--ssh-known-hosts=true',
        '--ssh-known-hosts-file=/dbt-jobs/clone/known_hosts',
        '--git-config=http.followRedirects:false,http.lowSpeedLimit:1,http.lowSpeedTime:60',
      ],
      mounts: ['dbt-jobs-repository', 'dbt-jobs-tmp', 'dbt-jobs-clone'],
    },
    'trusts the CA of the project and goes through its proxy': {
      repository: { url, caBundle: { configMapName: 'ca' }, proxy: 'http://proxy.example.com:3128' },
      args: [
        `--repo=${url}`,
        ...common,
        '--git-config=http.followRedirects:false,http.lowSpeedLimit:1,http.lowSpeedTime:60,http.sslCAInfo:/dbt-jobs/ca/ca.crt,http.proxy:http://proxy.example.com:3128',
      ],
      mounts: ['dbt-jobs-repository', 'dbt-jobs-tmp', 'dbt-jobs-ca'],
    },
    'clones the depth and the submodules that the project asks for': {
      repository: { url, depth: 0, submodules: true },
      args: [
        `--repo=${url}`,
        ...common.map((arg) =>
          arg.replace('--depth=1', '--depth=0').replace('submodules=off', 'submodules=recursive'),
        ),
        '--git-config=http.followRedirects:false,http.lowSpeedLimit:1,http.lowSpeedTime:60',
      ],
      mounts: ['dbt-jobs-repository', 'dbt-jobs-tmp'],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { repository, args, mounts }) => {
    const container = containerFor(repository);
    expect(container.args).toEqual(args);
    expect(container.volumeMounts?.map(({ name }) => name)).toEqual(mounts);
  });
});

describe('the working directory', () => {
  const cases: Record<string, { workingDir?: string; subdirectory?: string; mutated: string }> = {
    'is the checkout': { mutated: '/dbt-jobs/repository/current' },
    'is the folder of the project in it': {
      subdirectory: 'dbt/shop',
      mutated: '/dbt-jobs/repository/current/dbt/shop',
    },
    'stays where the user sets one': { workingDir: '/mine', mutated: '/mine' },
  };
  it.each(Object.entries(cases))('%s', (_, { workingDir, subdirectory, mutated }) => {
    const own = workingDir === undefined ? {} : { workingDir };
    const folder = subdirectory === undefined ? {} : { subdirectory };
    const project = sampleProject({ repository: { url, ...folder } });
    const pod = samplePod({ containers: [{ name: 'dbt', ...own }] });
    expect(dbtContainerOf(mutateWorkingDirectory(pod, sampleInjection(project))).workingDir).toBe(mutated);
  });
});
