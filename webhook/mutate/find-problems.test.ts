import { describe, expect, it } from 'vitest';
import { annotations, labels } from '../../contract/names.ts';
import { problems } from '../../contract/problems.ts';
import { findProblems } from './find-problems.ts';
import { injectedContainers } from './init-containers.ts';
import type { Container, Pod } from './pod.ts';
import { planImageInForce, sampleInjection, samplePod, sampleProject } from './sample.ts';
import { defaultSettings } from './settings.ts';

const project = sampleProject();
const plan = { id: 'first', image: planImageInForce, commit: 'c'.repeat(40) };
const dbt: Container = { name: 'dbt', image: 'plan:current' };
const [gitSync] = injectedContainers(samplePod(), sampleInjection());
if (gitSync === undefined) throw new Error('git-sync is always injected');

const installing = sampleProject({ packages: { from: 'install' } });
const [, packages] = injectedContainers(samplePod(), sampleInjection(installing));
if (packages === undefined) throw new Error('packages are injected where the project installs them');
const older = (gitSync.args ?? []).map((arg) => (arg.startsWith('--ref=') ? '--ref=old' : arg));

const asked = (id: string): Pod => samplePod({}, { labels: { [labels.plan]: id } });
const init = (...initContainers: Container[]): Pod => samplePod({ initContainers });

describe('a pod', () => {
  const cases: Record<string, { pod: Pod; project?: typeof project; found: string[] }> = {
    'has no problem as the user writes it': { pod: samplePod(), found: [] },
    'has no problem with the plan image itself': {
      pod: samplePod({ containers: [{ ...dbt, image: planImageInForce }] }),
      found: [],
    },
    'has no problem with a candidate that it asks for': { pod: asked('second'), found: [] },
    'may not restart always': {
      pod: samplePod({ restartPolicy: 'Always' }),
      found: [problems.restartPolicy()],
    },
    'may not leave its restart policy out, which is Always': {
      pod: { ...samplePod(), spec: { containers: [dbt] } },
      found: [problems.restartPolicy()],
    },
    'may not ask for Windows by its os': {
      pod: samplePod({ os: { name: 'windows' } }),
      found: [problems.windows()],
    },
    'may not ask for Windows by a node selector': {
      pod: samplePod({ nodeSelector: { 'kubernetes.io/os': 'windows' } }),
      found: [problems.windows()],
    },
    'may ask for Linux': {
      pod: samplePod({ os: { name: 'linux' }, nodeSelector: { 'kubernetes.io/os': 'linux' } }),
      found: [],
    },
    'may not use host namespaces': {
      pod: samplePod({ hostNetwork: true, hostPID: false, hostIPC: true }),
      found: [problems.hostNamespaces(['hostNetwork', 'hostIPC'])],
    },
    'must have the container that the annotation names': {
      pod: samplePod({}, { annotations: { [annotations.container]: 'main' } }),
      found: [problems.containerUnknown('main', ['dbt'])],
    },
    'must show which container runs dbt': {
      pod: samplePod({
        containers: [
          { name: 'a', image: 'busybox' },
          { name: 'b', image: 'busybox' },
        ],
      }),
      found: [problems.containerAmbiguous(['a', 'b'])],
    },
    'must have a plan in force': {
      pod: samplePod(),
      project: sampleProject({}, { plan: undefined, plans: [] }),
      found: [problems.noPlan()],
    },
    'may not ask for a plan that is not there': {
      pod: asked('fourth'),
      found: [problems.planUnknown('fourth', 'first')],
    },
    'asks for no plan with an empty label': { pod: asked(''), found: [] },
    'may not ask for a plan that failed': {
      pod: asked('third'),
      found: [problems.planFailed('third', 'first')],
    },
    'may not have another image': {
      pod: samplePod({ containers: [{ ...dbt, image: 'evil:1' }] }),
      found: [problems.image('dbt', 'evil:1', plan)],
    },
    'must have an image': {
      pod: samplePod({ containers: [{ name: 'dbt' }] }),
      found: [problems.image('dbt', '', plan)],
    },
    'may have plan:current in the dbt container only': {
      pod: samplePod({
        initContainers: [{ name: 'before', image: 'plan:current' }],
        containers: [{ name: 'other', image: 'plan:current' }, dbt],
      }),
      found: [problems.planImageElsewhere(['other', 'before'], 'dbt')],
    },
    'may not call containers as we do': {
      pod: samplePod({
        containers: [dbt, { name: 'dbt-jobs-packages' }, { name: 'dbt-jobs-git-sync' }],
      }),
      found: [problems.reservedContainers(['dbt-jobs-packages', 'dbt-jobs-git-sync'])],
    },
    'has no problem with our own git-sync': { pod: init(gitSync), found: [] },
    'has no problem with both of ours': { pod: init(gitSync, packages), project: installing, found: [] },
    'may not bring two of our git-sync': {
      pod: init(gitSync, gitSync),
      found: [problems.reservedInitContainers(['dbt-jobs-git-sync'])],
    },
    'may not bring a git-sync of its own': {
      pod: init({ name: 'dbt-jobs-git-sync', image: 'evil' }),
      found: [problems.reservedInitContainers(['dbt-jobs-git-sync'])],
    },
    'may not bring packages where the project has none': {
      pod: init(packages, { name: 'dbt-jobs-git-sync' }),
      found: [problems.reservedInitContainers(['dbt-jobs-git-sync', 'dbt-jobs-packages'])],
    },
    'may not be a copy for another commit': {
      pod: init({ ...gitSync, args: older }, { name: 'dbt-jobs-packages' }),
      found: [problems.outdatedCopy(plan)],
    },
    'is told of foreign packages beside our own git-sync': {
      pod: init(gitSync, { name: 'dbt-jobs-packages' }),
      project: installing,
      found: [problems.reservedInitContainers(['dbt-jobs-packages'])],
    },
    'may not bring even our own git-sync where its plan is unknown': {
      pod: { ...asked('fourth'), spec: init(gitSync).spec },
      found: [
        problems.planUnknown('fourth', 'first'),
        problems.reservedInitContainers(['dbt-jobs-git-sync']),
      ],
    },
    'is told everything at once, in the order of the contract': {
      pod: samplePod(
        {
          restartPolicy: 'Always',
          os: { name: 'windows' },
          hostNetwork: true,
          containers: [
            { ...dbt, image: 'evil:1' },
            { name: 'other', image: 'plan:current' },
            { name: 'dbt-jobs-packages', volumeMounts: [{ name: 'x', mountPath: '/dbt-jobs' }] },
            { name: 'last', volumeMounts: [{ name: 'x', mountPath: '/dbt-jobs' }] },
          ],
          initContainers: [{ name: 'dbt-jobs-git-sync' }],
          volumes: [{ name: 'dbt-jobs-x' }],
        },
        { annotations: { [annotations.container]: 'dbt' } },
      ),
      found: [
        problems.restartPolicy(),
        problems.windows(),
        problems.hostNamespaces(['hostNetwork']),
        problems.image('dbt', 'evil:1', plan),
        problems.planImageElsewhere(['other'], 'dbt'),
        problems.reservedContainers(['dbt-jobs-packages']),
        problems.reservedInitContainers(['dbt-jobs-git-sync']),
        problems.reservedVolumes(['dbt-jobs-x']),
        problems.reservedMounts(['dbt-jobs-packages', 'last']),
      ],
    },
    'is told of its image only where container and plan are known': {
      pod: samplePod(
        { containers: [{ ...dbt, image: 'evil:1' }] },
        { labels: { [labels.plan]: 'third' }, annotations: { [annotations.container]: 'main' } },
      ),
      found: [problems.containerUnknown('main', ['dbt']), problems.planFailed('third', 'first')],
    },
  };
  it.each(Object.entries(cases))('%s', (_, { pod, project: given = project, found }) => {
    expect(findProblems(pod, given, defaultSettings)).toEqual(found);
  });
});
