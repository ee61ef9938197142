import fc from 'fast-check';
import type { DbtProject } from '../../contract/dbt-project.ts';
import { annotations, labels } from '../../contract/names.ts';
import type { Container, Pod } from './pod.ts';
import { planImageInForce, samplePod, sampleProject } from './sample.ts';

/** Pods and projects for property tests: mostly such as can be injected, with every optional field there and not. */
const name = fc.constantFrom('dbt', 'main', 'sidecar', 'other');
const image = fc.constantFrom('plan:current', planImageInForce, 'busybox:1');
const variable = fc.record({
  name: fc.constantFrom('MINE', 'DBT_LOG_FORMAT', 'SCHEMA', 'PASSWORD', 'GIT_SSL_CAINFO'),
  value: fc.constantFrom('', 'x', '$(SCHEMA)'),
});
const source = fc.constantFrom(
  { secretRef: { name: 'warehouse' } },
  { prefix: 'X_', secretRef: { name: 'warehouse' } },
  { secretRef: { name: 'mine' } },
);
const quantities = fc.record(
  { cpu: fc.constantFrom('500m', '0.5', '2'), memory: fc.constantFrom('1Gi', '1024Mi', '2Gi') },
  { requiredKeys: [] },
);
const security = fc.record(
  {
    runAsUser: fc.constantFrom(0, 1000),
    runAsNonRoot: fc.boolean(),
    seccompProfile: fc.constant({ type: 'Unconfined' }),
  },
  { requiredKeys: [] },
);

const container: fc.Arbitrary<Container> = fc.record(
  {
    name,
    image,
    command: fc.constant(['sh', '-c', 'dbt build']),
    args: fc.array(fc.constantFrom('build', '--select', '~/{{ x }}')),
    workingDir: fc.constantFrom('/mine', '/'),
    env: fc.uniqueArray(variable, { selector: (entry) => entry.name }),
    envFrom: fc.array(source, { maxLength: 3 }),
    resources: fc.record({ requests: quantities, limits: quantities }, { requiredKeys: [] }),
    securityContext: security,
    volumeMounts: fc.uniqueArray(
      fc.record({ name: fc.constant('mine'), mountPath: fc.constantFrom('/a', '/b') }),
      { selector: (mount) => mount.mountPath },
    ),
  },
  { requiredKeys: ['name', 'image'] },
);

const containers = (minLength: number) =>
  fc.uniqueArray(container, { minLength, maxLength: 4, selector: (entry) => entry.name });

export const arbitraryPod: fc.Arbitrary<Pod> = fc
  .record({
    containers: containers(1),
    initContainers: fc.option(
      containers(0).map((list) => list.map((entry) => ({ ...entry, name: `init-${entry.name}` }))),
      { nil: undefined },
    ),
    volumes: fc.constantFrom(undefined, [], [{ name: 'mine', emptyDir: {} }]),
    securityContext: fc.option(security, { nil: undefined }),
    restartPolicy: fc.constantFrom('Never', 'Never', 'OnFailure', 'Always'),
    plan: fc.constantFrom(undefined, undefined, 'first', 'second', 'third'),
    asked: fc.constantFrom(undefined, undefined, '', 'dbt', 'main'),
  })
  .map(({ plan, asked, ...spec }) => {
    const metadata = {
      labels: { team: 'a', ...(plan === undefined ? {} : { [labels.plan]: plan }) },
      annotations: { mine: 'x', ...(asked === undefined ? {} : { [annotations.container]: asked }) },
    };
    const present = Object.entries(spec).filter(([, value]) => value !== undefined);
    return samplePod(Object.fromEntries(present), metadata);
  });

const repository = fc.constantFrom(
  { url: 'https://git.example.com/shop.git' },
  { url: 'https://git.example.com/shop.git', secretName: 'clone', proxy: 'http://proxy.example.com:1' },
  { url: 'https://git.example.com/shop.git', subdirectory: 'dbt', caBundle: { configMapName: 'ca' } },
  { url: 'ssh://git@git.example.com/shop.git', secretName: 'clone', submodules: true },
);

const credential = fc.constantFrom(
  { secretName: 'warehouse' },
  { secretName: 'lake', as: 'env' },
  { secretName: 'single', keys: ['PASSWORD', 'USER'] },
  { secretName: 'key', as: 'files' },
  { secretName: 'two', as: 'files', keys: ['a.pem'] },
);

export const arbitraryProject: fc.Arbitrary<DbtProject> = fc
  .record({
    repository,
    credentials: fc.uniqueArray(credential, { selector: (entry) => entry.secretName }),
    environment: fc.constantFrom(
      [],
      [
        { name: 'SCHEMA', value: 'prod' },
        { name: 'EMPTY', value: '' },
      ],
    ),
    profiles: fc.constantFrom(undefined, { configMapName: 'profiles' }),
    packages: fc.constantFrom(
      { from: 'none' },
      { from: 'image', path: '/opt/packages' },
      { from: 'install' },
    ),
    runAsUser: fc.constantFrom(65532, 1000),
  })
  .map((spec) => sampleProject(spec));
