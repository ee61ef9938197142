import { describe, expect, it } from 'vitest';
import { gitSyncContainer } from './git-sync.ts';
import { isOurs, isOutdatedCopy } from './identity.ts';
import type { Container } from './pod.ts';
import { sampleInjection, sampleProject } from './sample.ts';

const { project, plan, settings } = sampleInjection(
  sampleProject({ repository: { url: 'https://git.example.com/shop.git', secretName: 'clone' } }),
);
const ours = gitSyncContainer(project, plan, settings);
const mounts = ours.volumeMounts ?? [];
const args = ours.args ?? [];

describe('an init container of our name', () => {
  const token = {
    name: 'kube-api-access-x',
    readOnly: true,
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  };
  const cases: Record<string, { change: object; is: boolean }> = {
    'is ours unchanged': { change: {}, is: true },
    'is ours with the defaults of the API server': {
      change: { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
      is: true,
    },
    'is ours with a token that the API server mounts': {
      change: { volumeMounts: [...mounts, token] },
      is: true,
    },
    'is ours with other resources': { change: { resources: { limits: { cpu: '1' } } }, is: true },
    'is ours with another pull policy': { change: { imagePullPolicy: 'Always' }, is: true },
    'is not ours with another image': { change: { image: 'evil' }, is: false },
    'is not ours with a command': { change: { command: ['sh'] }, is: false },
    'is not ours with an argument more': { change: { args: [...args, '--exechook-command=sh'] }, is: false },
    'is not ours with its arguments in another order': { change: { args: args.toReversed() }, is: false },
    'is not ours without its environment': { change: { env: [] }, is: false },
    'is not ours with another variable': {
      change: { env: [...(ours.env ?? []), { name: 'GITSYNC_REPO', value: 'x' }] },
      is: false,
    },
    'is not ours with another value': {
      change: { env: [{ name: 'GIT_ALLOW_PROTOCOL', value: 'ext' }] },
      is: false,
    },
    'is not ours with the environment of a Secret': {
      change: { envFrom: [{ secretRef: { name: 'warehouse' } }] },
      is: false,
    },
    'is not ours with another mount': {
      change: { volumeMounts: [...mounts, { name: 'mine', mountPath: '/mine' }] },
      is: false,
    },
    'is not ours without a mount': { change: { volumeMounts: mounts.slice(1) }, is: false },
    'is not ours with a writable Secret': {
      change: { volumeMounts: mounts.map(({ name, mountPath }) => ({ name, mountPath })) },
      is: false,
    },
    'is not ours with a working directory': { change: { workingDir: '/mine' }, is: false },
    'is not ours with more rights': {
      change: { securityContext: { ...ours.securityContext, privileged: true } },
      is: false,
    },
    'is not ours as another user': {
      change: { securityContext: { ...ours.securityContext, runAsUser: 0 } },
      is: false,
    },
    'is not ours as a sidecar': { change: { restartPolicy: 'Always' }, is: false },
    'is not ours with a hook': { change: { lifecycle: {} }, is: false },
    'is not ours with a port': { change: { ports: [{ containerPort: 1 }] }, is: false },
    'is not ours with a field that is not known yet': { change: { someday: true }, is: false },
  };
  it.each(Object.entries(cases))('%s', (_, { change, is }) => {
    expect(isOurs({ ...ours, ...change }, ours)).toBe(is);
  });

  it('is ours with an empty value that the API server dropped', () => {
    const expected = { ...ours, env: [{ name: 'EMPTY', value: '' }] };
    expect(isOurs({ ...ours, env: [{ name: 'EMPTY' }] }, expected)).toBe(true);
  });
});

describe('an outdated copy', () => {
  const other = args.map((arg) => (arg.startsWith('--ref=') ? `--ref=${'f'.repeat(40)}` : arg));
  const cases: Record<string, { container: Container; is: boolean }> = {
    'is for another commit': { container: { ...ours, args: other }, is: true },
    'may have another image': { container: { ...ours, args: other, image: 'older' }, is: true },
    'has another commit': { container: { ...ours, image: 'another' }, is: false },
    'has a commit': {
      container: { ...ours, args: args.filter((arg) => !arg.startsWith('--ref=')) },
      is: false,
    },
    'differs in nothing else': { container: { ...ours, args: [...other, '--x'] }, is: false },
    'has arguments': { container: { name: ours.name }, is: false },
  };
  it.each(Object.entries(cases))('%s', (_, { container, is }) => {
    expect(isOutdatedCopy(container, ours)).toBe(is);
  });
});
