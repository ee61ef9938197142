import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { annotations, apiGroup, apiVersion, engines, gitSync, labels, plural } from '../contract/names.ts';

const root = join(import.meta.dirname, '..');
const chart = join(import.meta.dirname, 'chart');
const read = (path: string) => readFileSync(join(chart, path), 'utf8');
const templates = readdirSync(join(chart, 'templates'), { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.(yaml|tpl|txt)$/.test(path),
);
const source = (path: string) => read(join('templates', path));

/** A template as YAML: without its directives, and with a word where a value is written. */
function documents(path: string): readonly unknown[] {
  const text = source(path)
    .replaceAll(/\{\{-? *\/\*[\s\S]*?\*\/ *-?\}\}/g, '')
    .replaceAll(/^\s*\{\{[^\n]*\}\}\n/gm, '')
    .replaceAll(/\{\{-? *(include|toYaml|\$labels)[^\n]*\}\}/g, '{}')
    .replaceAll(/\{\{[^}\n]*\}\}/g, 'value');
  return loadAll(text).filter((document) => document !== null && document !== undefined);
}

const role = z.object({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: z.object({ name: z.string() }),
  rules: z.array(
    z.strictObject({
      apiGroups: z.array(z.string()).length(1),
      resources: z.array(z.string()),
      resourceNames: z.array(z.string()).optional(),
      verbs: z.array(z.string()),
    }),
  ),
});

/** `<group>/<resource>[names]: verbs` of each rule, by kind and name of the role. */
function permissions(): Record<string, readonly string[]> {
  const roles = templates
    .filter((path) => path.endsWith('.yaml'))
    .flatMap((path) => documents(path).map((document) => role.safeParse(document)))
    .flatMap((parsed) => (parsed.success ? [parsed.data] : []));
  const lines = ({ rules }: z.output<typeof role>) =>
    rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
      resources.map((resource) => {
        const names = resourceNames === undefined ? '' : ` ${resourceNames.join(' ')}`;
        return `${apiGroups.join() || 'core'}/${resource}${names}: ${verbs.join(' ')}`;
      }),
    );
  return Object.fromEntries(roles.map((found) => [`${found.kind} ${found.metadata.name}`, lines(found)]));
}

describe('the chart', () => {
  const links: Record<string, string> = {
    'files/dbtproject.crd.yaml': 'contract/dbtproject.crd.yaml',
    'files/backstop': 'policies/backstop',
    'files/exceptions': 'policies/exceptions',
  };
  it.each(Object.entries(links))('has %s from its one source', (link, target) => {
    expect(lstatSync(join(chart, link)).isSymbolicLink()).toBe(true);
    expect(relative(root, realpathSync(join(chart, link)))).toBe(target);
  });

  it('finds the line of the CRD to annotate, once', () => {
    expect(read('files/dbtproject.crd.yaml').match(/^metadata:$/gm)).toEqual(['metadata:']);
  });

  it('finds the git-sync image in the backstop by the name that it replaces', () => {
    const policies = readdirSync(join(chart, 'files/backstop')).map((file) =>
      read(join('files/backstop', file)),
    );
    expect(policies.join('\n')).toContain(gitSync.image);
    expect(source('_engines.tpl')).toContain(`"${gitSync.image}"`);
  });

  it('names no label, annotation or API that the contract does not', () => {
    const known = new Set<string>([...Object.values(labels), ...Object.values(annotations), apiVersion]);
    const webhooks = ['pods', 'jobs', 'cronjobs'].map((resource) => `${resource}.${apiGroup}`);
    const named = templates.flatMap((path) => source(path).match(/[\w.-]*dbt-jobs\.io(\/[\w-]+)?/g) ?? []);
    expect(named.filter((name) => !known.has(name) && name !== apiGroup && !webhooks.includes(name))).toEqual(
      [],
    );
  });

  it('sets exactly the variables of a program that its config.ts reads', () => {
    const variables = (path: string) =>
      [...source(path).matchAll(/- \{? ?name: ([A-Z_]+)\b/g)].map((match) => match[1] ?? '');
    const config = (room: string) => readFileSync(join(root, room, 'config.ts'), 'utf8');
    for (const room of ['webhook', 'watcher']) {
      const set = variables(`${room}/deployment.yaml`);
      expect(set.length).toBeGreaterThan(0);
      expect(set.filter((name) => !new RegExp(`\\b${name}\\b`).test(config(room)))).toEqual([]);
    }
  });
});

describe('the roles', () => {
  it('allow what is used and nothing else', () => {
    expect(permissions()).toEqual({
      'ClusterRole dbt-jobs-viewer': [`${apiGroup}/${plural}: get list watch`],
      'ClusterRole dbt-jobs-editor': [`${apiGroup}/${plural}: create update patch delete deletecollection`],
      'ClusterRole dbt-jobs-planner': [`${apiGroup}/${plural}: get`, `${apiGroup}/${plural}/status: update`],
      'ClusterRole dbt-jobs-webhook': [
        `${apiGroup}/${plural}: get list watch`,
        'admissionregistration.k8s.io/mutatingwebhookconfigurations dbt-jobs-webhook: get patch',
      ],
      'Role dbt-jobs-webhook': [
        'core/secrets dbt-jobs-webhook-certificate: get update',
        'core/secrets: create',
      ],
      'ClusterRole dbt-jobs-watcher': [
        `${apiGroup}/${plural}: get list watch`,
        'batch/jobs: get list watch',
        'batch/cronjobs: list watch',
        'core/pods: get list watch',
        'core/events: list',
        'core/limitranges: list watch',
        'core/resourcequotas: list watch',
      ],
      'Role dbt-jobs-watcher': [
        'coordination.k8s.io/leases dbt-jobs-watcher: get update',
        'coordination.k8s.io/leases: create',
      ],
      'ClusterRole dbt-jobs-release': ['batch/jobs: get list patch', 'core/pods: get list patch'],
      'Role dbt-jobs-release': [
        'coordination.k8s.io/leases dbt-jobs-watcher: get update',
        'coordination.k8s.io/leases: create',
      ],
      'ClusterRole dbt-jobs-watcher-organization': [
        `${apiGroup}/${plural}/status: update`,
        `${apiGroup}/${plural}/finalizers: update`,
        'batch/jobs: create patch',
        'core/pods: patch',
        'core/pods/log: get',
        'events.k8s.io/events: create',
      ],
    });
  });
});

describe('uninstalling', () => {
  const hooked = z.object({
    kind: z.string(),
    metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
  });

  it('J9 lets go of everything that is held, with rights of its own, after the watcher has gone', () => {
    const objects = documents('watcher/release.yaml').map((document) => hooked.parse(document));
    expect(objects.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'Role',
      'RoleBinding',
      'Job',
    ]);
    expect(new Set(objects.map(({ metadata }) => metadata.annotations['helm.sh/hook']))).toEqual(
      new Set(['post-delete']),
    );
  });
});

describe('the values', () => {
  const values = z.looseObject({}).parse(load(read('values.yaml')));
  const schema = z.fromJSONSchema(
    JSON.parse(read('values.schema.json')) as Parameters<typeof z.fromJSONSchema>[0],
  );
  const webhook = z.looseObject({}).parse(values['webhook']);
  const watcher = z.looseObject({}).parse(values['watcher']);
  const errors = (changed: object) =>
    schema
      .safeParse({ ...values, ...changed })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

  it('of values.yaml satisfy the schema', () => {
    expect(errors({})).toEqual([]);
  });

  it("begin with the contract's git-sync", () => {
    expect(values['gitSync']).toEqual({ image: gitSync.image });
  });

  it('are all in values.yaml, those that a template reads', () => {
    const paths = templates.flatMap((path) =>
      [...source(path).matchAll(/\.Values((?:\.\w+)+)/g)].map((match) => (match[1] ?? '').slice(1)),
    );
    const has = (path: string) =>
      path.split('.').reduce<unknown>((at, key) => z.looseObject({}).safeParse(at).data?.[key], values) !==
      undefined;
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !has(path))).toEqual([]);
  });

  it('know the engines of the contract', () => {
    const known = z
      .object({ $defs: z.object({ engine: z.object({ enum: z.array(z.string()) }) }) })
      .parse(JSON.parse(read('values.schema.json')));
    expect(known.$defs.engine.enum).toEqual(engines);
  });

  const refused: Record<string, { changed: object; error: RegExp }> = {
    'a misspelt key': { changed: { organisations: [] }, error: /Unrecognized key: "organisations"/ },
    'a misspelt key deep down': {
      changed: { webhook: { ...webhook, replica: 3 } },
      error: /^webhook: Unrecognized key: "replica"/,
    },
    'an engine that there is not': { changed: { engine: 'kyverno' }, error: /^engine: / },
    'a namespace that is no DNS label': {
      changed: { organizations: [{ namespace: 'Acme' }] },
      error: /^organizations\.0\.namespace: /,
    },
    'an organization without a namespace': {
      changed: { organizations: [{}] },
      error: /^organizations\.0\.namespace: /,
    },
    'an image that could end a string of an expression': {
      changed: { gitSync: { image: "git-sync:v4' || true" } },
      error: /^gitSync\.image: /,
    },
    'a control plane that is no address': {
      changed: { watcher: { ...watcher, controlPlane: { url: 'control-plane', caConfigMapName: '' } } },
      error: /^watcher\.controlPlane\.url: /,
    },
    'no replica': { changed: { webhook: { ...webhook, replicas: 0 } }, error: /^webhook\.replicas: / },
  };
  it.each(Object.entries(refused))('are refused: %s', (_, { changed, error }) => {
    expect(errors(changed)).toEqual([expect.stringMatching(error)]);
  });
});
