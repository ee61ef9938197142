import { z } from 'zod';
import { parseAs } from './release.ts';
import type { KubernetesObject } from './release.ts';

export const namespace = 'kyverno';
export const deployment = 'kyverno-admission-controller';

/** On our Namespace: tells it from a Kyverno that somebody else installed. */
export const ownership = { 'app.kubernetes.io/managed-by': 'dbt-jobs-test' } as const;

/** They scan, generate, clean up and report; admission needs none of them. */
const leftOut = ['background-controller', 'cleanup-controller', 'reports-controller'];

/**
 * Bound in every installation of Kyverno, but a switch of its chart (`rbac.createViewRoleBinding`). Without it the
 * controller reads DbtProjects by our aggregated roles or not at all.
 */
const viewBinding = 'kyverno:admission-controller:view';

/** Their kinds belong to every tool that reports, not to Kyverno alone: removing them could take another's reports. */
const reportCrds = /\.wgpolicyk8s\.io$/;

const isWanted = ({ kind, metadata }: KubernetesObject): boolean =>
  !leftOut.includes(metadata.labels?.['app.kubernetes.io/component'] ?? '') &&
  !(kind === 'ClusterRoleBinding' && metadata.name === viewBinding) &&
  !(kind === 'CustomResourceDefinition' && reportCrds.test(metadata.name));

/**
 * The accounts of controllers that are left out, as Kyverno's chart does; reports, which nobody would collect; and
 * exceptions, which the release has off: where a platform team takes them, it takes them from one namespace.
 */
const replaced =
  /^--(backgroundServiceAccountName|reportsServiceAccountName|admissionReports|enablePolicyException|exceptionNamespace)=/;

const argsWithoutOthers = (args: readonly string[]): string[] => [
  ...args.filter((arg) => !replaced.test(arg)),
  '--admissionReports=false',
  '--enablePolicyException=true',
  `--exceptionNamespace=${namespace}`,
];

const admissionController = z.looseObject({
  kind: z.literal('Deployment'),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.tuple([
          z.looseObject({
            name: z.literal('kyverno'),
            args: z.array(z.string()),
            resources: z.looseObject({}),
            startupProbe: z.looseObject({}),
            readinessProbe: z.looseObject({}),
          }),
        ]),
      }),
    }),
  }),
});

/** It is asked every second: who installs it waits for it. */
const everySecond = { initialDelaySeconds: 0, periodSeconds: 1 };
const startSeconds = 120;

const containerWith = (
  container: z.output<typeof admissionController>['spec']['template']['spec']['containers'][0],
  image: string,
): object => ({
  ...container,
  image,
  args: argsWithoutOthers(container.args),
  resources: { ...container.resources, requests: { cpu: '50m', memory: '128Mi' } },
  startupProbe: { ...container.startupProbe, ...everySecond, failureThreshold: startSeconds },
  readinessProbe: { ...container.readinessProbe, ...everySecond },
});

/** Its init container, kyverno-pre, only deletes reports that a switch to OpenReports leaves behind: none is made here. */
const withImage = (object: KubernetesObject, image: string): KubernetesObject => {
  const { spec } = parseAs(admissionController, object, `Kyverno's manifest: Deployment ${deployment}`);
  const podSpec = spec.template.spec;
  const containers = [containerWith(podSpec.containers[0], image)];
  const template = { ...spec.template, spec: { ...podSpec, initContainers: [], containers } };
  return { ...object, spec: { ...spec, replicas: 1, template } };
};

const marked = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...ownership } },
});

/**
 * The admission controller of a release, in one replica of our image, with the release's CRDs, configuration and roles.
 * The Namespace comes first: whatever else is there, it says whose it is.
 * @throws when the release is not laid out as 1.19's.
 */
export const admissionControllerOf = (
  release: readonly KubernetesObject[],
  image: string,
): KubernetesObject[] => {
  const wanted = release.filter(isWanted);
  const named = (kind: string): string[] =>
    wanted.filter((object) => object.kind === kind).map(({ metadata }) => `${kind} ${metadata.name}`);
  const found = [...named('Namespace'), ...named('Deployment')].join(', ');
  const expected = `Namespace ${namespace}, Deployment ${deployment}`;
  if (found !== expected) throw new Error(`Kyverno's manifest: ${expected} expected, found ${found}`);
  return [
    ...wanted.filter(({ kind }) => kind === 'Namespace').map(marked),
    ...wanted
      .filter(({ kind }) => kind !== 'Namespace')
      .map((object) => (object.kind === 'Deployment' ? withImage(object, image) : object)),
  ];
};
