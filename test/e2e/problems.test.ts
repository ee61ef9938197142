import { beforeAll, describe, expect, it } from 'vitest';
import { containers } from '../../contract/names.ts';
import { denial, problems } from '../../contract/problems.ts';
import { create, type Json, makeNamespace, pathOf, request, setStatus } from './api.ts';
import { dbt, labelled, pod, textOf } from './pods.ts';
import { commitA, imageA, plan, plans, project } from './projects.ts';

const namespace = 'e2e-problems';
const inForce = { id: 'one', image: imageA, commit: commitA };
const volume = (name: string): Json => ({ name, emptyDir: {} });
const mount = (name: string, mountPath: string): Json => ({ name, mountPath });

interface Case {
  readonly pod: Json;
  /** Labels beside the project's. */
  readonly labels?: Json;
  readonly project?: string;
  readonly problems: readonly string[];
}

/** Every problem, alone and together, as the person who creates the pod reads it. */
const denied: Readonly<Record<string, Case>> = {
  'an unknown project': { pod: pod(), project: 'nope', problems: [problems.unknownProject()] },
  'a restart policy that never ends': {
    pod: pod({ restartPolicy: 'Always' }),
    problems: [problems.restartPolicy()],
  },
  'a Windows pod': {
    pod: pod({ nodeSelector: { 'kubernetes.io/os': 'windows' } }),
    problems: [problems.windows()],
  },
  'host namespaces': {
    pod: pod({ hostNetwork: true, hostPID: true, hostIPC: true }),
    problems: [problems.hostNamespaces(['hostNetwork', 'hostPID', 'hostIPC'])],
  },
  'an annotation that names no container': {
    pod: pod({}, { annotations: { 'dbt-jobs.io/container': 'main' } }),
    problems: [problems.containerUnknown('main', ['dbt'])],
  },
  'an annotation that looks like a template': {
    pod: pod({}, { annotations: { 'dbt-jobs.io/container': '{{ request.object }}' } }),
    problems: [problems.containerUnknown('{{ request.object }}', ['dbt'])],
  },
  'two candidates for the dbt container': {
    pod: pod({ containers: [dbt({ name: 'a' }), dbt({ name: 'b' })] }),
    problems: [problems.containerAmbiguous(['a', 'b'])],
  },
  'several containers of which none is dbt': {
    pod: pod({
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ],
    }),
    problems: [problems.containerAmbiguous(['a', 'b'])],
  },
  'a project without a plan': { pod: pod(), project: 'unplanned', problems: [problems.noPlan()] },
  'a plan that is not there': {
    pod: pod(),
    labels: { 'dbt-jobs.io/plan': 'gone' },
    problems: [problems.planUnknown('gone', 'one')],
  },
  'a plan that is not there, where none is in force': {
    pod: pod(),
    labels: { 'dbt-jobs.io/plan': 'gone' },
    project: 'unplanned',
    problems: [problems.planUnknown('gone', undefined)],
  },
  'a plan that failed': {
    pod: pod(),
    labels: { 'dbt-jobs.io/plan': 'broken' },
    problems: [problems.planFailed('broken', 'one')],
  },
  'another image': {
    pod: pod({ containers: [dbt({ image: 'evil:1' })] }),
    problems: [problems.image('dbt', 'evil:1', inForce)],
  },
  'plan:current in a sidecar and an init container': {
    pod: pod({
      containers: [dbt(), { name: 'side', image: 'plan:current' }],
      initContainers: [{ name: 'first', image: 'plan:current' }],
    }),
    problems: [problems.planImageElsewhere(['side', 'first'], 'dbt')],
  },
  'a container with a reserved name': {
    pod: pod({ containers: [dbt(), { name: containers.packages, image: 'x:1' }] }),
    problems: [problems.reservedContainers([containers.packages])],
  },
  'init containers with reserved names': {
    pod: pod({
      initContainers: [
        { name: containers.packages, image: 'x:1' },
        { name: containers.gitSync, image: 'x:1' },
      ],
    }),
    problems: [problems.reservedInitContainers([containers.gitSync, containers.packages])],
  },
  'a volume with a reserved name': {
    pod: pod({ volumes: [volume('dbt-jobs-mine'), { name: 'dbt-jobs-work', hostPath: { path: '/etc' } }] }),
    problems: [problems.reservedVolumes(['dbt-jobs-mine', 'dbt-jobs-work'])],
  },
  'a mount at a reserved path, however it is written': {
    pod: pod({
      volumes: [volume('v')],
      initContainers: [{ name: 'first', image: 'x:1', volumeMounts: [mount('v', '//dbt-jobs/x')] }],
      containers: [dbt(), { name: 'side', image: 'x:1', volumeMounts: [mount('v', '/./dbt-jobs')] }],
    }),
    problems: [problems.reservedMounts(['first', 'side'])],
  },
  'everything at once, in one message and one order': {
    pod: pod(
      {
        restartPolicy: 'Always',
        hostNetwork: true,
        containers: [
          dbt({ image: 'evil:1' }),
          { name: containers.packages, image: 'x:1' },
          { name: 'side', image: 'plan:current' },
        ],
        initContainers: [{ name: containers.gitSync, image: 'x:1' }],
        volumes: [volume('dbt-jobs-x')],
      },
      { annotations: { 'dbt-jobs.io/container': 'dbt' } },
    ),
    problems: [
      problems.restartPolicy(),
      problems.hostNamespaces(['hostNetwork']),
      problems.image('dbt', 'evil:1', inForce),
      problems.planImageElsewhere(['side'], 'dbt'),
      problems.reservedContainers([containers.packages]),
      problems.reservedInitContainers([containers.gitSync]),
      problems.reservedVolumes(['dbt-jobs-x']),
    ],
  },
};

const dryRun = (object: Json, where = namespace) =>
  request('POST', `${pathOf('Pod', where)}?dryRun=All`, object);

beforeAll(async () => {
  await makeNamespace(namespace, { 'dbt-jobs.io/engine': 'webhook' });
  await makeNamespace(`${namespace}-unmanaged`, {});
  for (const name of ['shop', 'unplanned']) {
    await create('DbtProject', namespace, project(name));
  }
  await setStatus(namespace, 'shop', plans);
  await setStatus(namespace, 'unplanned', { plans: [plan('next', imageA, commitA, 'Candidate')] });
});

describe('a labelled pod is denied for', () => {
  for (const [
    sentence,
    { pod: object, labels, project: name = 'shop', problems: expected },
  ] of Object.entries(denied)) {
    it(sentence, async () => {
      const answer = await dryRun(labelled(name, object, labels));
      expect({ status: answer.status, text: textOf(answer.body) }).toEqual({
        status: 403,
        text: denial(name, namespace, expected),
      });
    });
    it(`${sentence}; its unlabelled twin passes untouched`, async () => {
      const answer = await dryRun(object);
      expect({ status: answer.status, message: answer.body['message'] }).toEqual({
        status: 201,
        message: undefined,
      });
      const { initContainers } = answer.body['spec'] as Json;
      expect(initContainers).toEqual(
        (object['spec'] as Json)['initContainers'] === undefined ? undefined : expect.any(Array),
      );
      expect(JSON.stringify(answer.body)).not.toContain('dbt-jobs.io/project-uid');
    });
  }
  it('a namespace that has no engine', async () => {
    await create('DbtProject', `${namespace}-unmanaged`, project('shop'));
    await setStatus(`${namespace}-unmanaged`, 'shop', plans);
    const answer = await dryRun(labelled('shop', pod()), `${namespace}-unmanaged`);
    expect(textOf(answer.body)).toBe(denial('shop', `${namespace}-unmanaged`, [problems.noEngine()]));
  });
  it('a namespace that has no engine, whatever mark it brings', async () => {
    const marked = pod({}, { annotations: { 'dbt-jobs.io/project-uid': 'forged' } });
    const answer = await dryRun(labelled('nope', marked), `${namespace}-unmanaged`);
    expect(textOf(answer.body)).toBe(denial('nope', `${namespace}-unmanaged`, [problems.noEngine()]));
  });
  it('an unknown project with a forged mark', async () => {
    const marked = pod({}, { annotations: { 'dbt-jobs.io/project-uid': 'forged' } });
    const answer = await dryRun(labelled('nope', marked));
    expect(textOf(answer.body)).toBe(denial('nope', namespace, [problems.unknownProject()]));
  });
  it('a copy of an injected pod from another plan', async () => {
    const first = await dryRun(labelled('shop', pod(), { 'dbt-jobs.io/plan': 'next' }));
    const spec = first.body['spec'] as Json;
    const answer = await dryRun(labelled('shop', pod({ ...spec, nodeName: undefined })));
    expect(textOf(answer.body)).toBe(
      denial('shop', namespace, [
        problems.image('dbt', String((plans['plans'] as Json[])[2]?.['image']), inForce),
        problems.outdatedCopy(inForce),
      ]),
    );
  });
});

describe('a labelled pod is admitted', () => {
  it('with the candidate that it asks for', async () => {
    const answer = await dryRun(labelled('shop', pod(), { 'dbt-jobs.io/plan': 'next' }));
    expect(answer.status).toBe(201);
    expect(JSON.stringify(answer.body['spec'])).toContain(`--ref=${'b'.repeat(40)}`);
  });
  it('and comes out the same when it is sent again', async () => {
    const first = await dryRun(labelled('shop', pod()));
    const again = await dryRun({ ...first.body, metadata: { ...pick(first.body) } });
    expect(again.status).toBe(201);
    expect(again.body['spec']).toEqual(first.body['spec']);
  });
});

function pick(body: Json): Json {
  const { labels, annotations } = body['metadata'] as Json;
  return { name: 'x', labels, annotations };
}
