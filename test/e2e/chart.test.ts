import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gitSync } from '../../contract/names.ts';
import { clusterEnv } from '../cluster/cluster.ts';
import { readSettings } from '../cluster/config.ts';

const root = join(import.meta.dirname, '../..');
const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
type Rendered = z.output<typeof object>;

let helm: (...words: readonly string[]) => Promise<string>;
let folder = '';

beforeAll(async () => {
  const { bin } = await clusterEnv(readSettings());
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
  helm = async (...words) =>
    (await promisify(execFile)('helm', [...words], { cwd: root, env, maxBuffer: 1e8 })).stdout;
  folder = await mkdtemp(join(tmpdir(), 'dbt-jobs-chart-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function render(...words: readonly string[]): Promise<readonly Rendered[]> {
  const text = await helm('template', 'dbt-jobs', 'manifests/chart', '-n', 'dbt-jobs-system', ...words);
  return loadAll(text)
    .filter((document) => document !== null && document !== undefined)
    .map((document) => object.parse(document));
}

const named = (objects: readonly Rendered[], kind: string) =>
  objects.filter((found) => found.kind === kind).map((found) => found.metadata.name);

async function refusal(...words: readonly string[]): Promise<string> {
  try {
    await render(...words);
    return 'rendered';
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  }
}

describe('the rendered chart', () => {
  it('is the same from a package as from the folder, links resolved', async () => {
    await helm('package', 'manifests/chart', '--destination', folder);
    const packaged = await helm(
      'template',
      'dbt-jobs',
      join(folder, 'dbt-jobs-0.1.0.tgz'),
      '-n',
      'dbt-jobs-system',
    );
    expect(packaged).toBe(await helm('template', 'dbt-jobs', 'manifests/chart', '-n', 'dbt-jobs-system'));
  });

  it("is, for the CRD, the contract's, kept on uninstall", async () => {
    const [expected] = loadAll(await readFile(join(root, 'contract/dbtproject.crd.yaml'), 'utf8'));
    const crd = object.parse(expected);
    const annotations = { 'helm.sh/resource-policy': 'keep' };
    expect((await render()).filter(({ kind }) => kind === crd.kind)).toEqual([
      { ...crd, metadata: { ...crd.metadata, annotations } },
    ]);
  });

  it('has the git-sync image of the installation wherever it is named', async () => {
    const image = 'mirror.example.com/git-sync:v4.7.1';
    const text = JSON.stringify(await render('--set', `gitSync.image=${image}`));
    expect(text).not.toContain(gitSync.image);
    expect(text.split(image).length).toBeGreaterThan(2);
  });

  it('keeps the namespaces of organizations, and makes none that is somebody else’s', async () => {
    const objects = await render(
      '--set',
      'organizations[0].namespace=acme,organizations[1].namespace=globex,organizations[1].existing=true',
    );
    expect(named(objects, 'Namespace')).toEqual(['acme']);
    const kept = objects.filter(({ metadata }) => metadata.namespace === 'acme' || metadata.name === 'acme');
    expect(
      kept.map(({ kind, metadata }) => [kind, metadata.annotations?.['helm.sh/resource-policy']]),
    ).toEqual(
      expect.arrayContaining([
        ['Namespace', 'keep'],
        ['ServiceAccount', 'keep'],
        ['RoleBinding', undefined],
      ]),
    );
  });

  it('gives the watcher its writing role in the organizations only', async () => {
    const organizations = ['--set', 'organizations[0].namespace=acme'];
    const bindings = (objects: readonly Rendered[]) => named(objects, 'ClusterRoleBinding');
    expect(bindings(await render(...organizations))).toEqual([
      'dbt-jobs-watcher',
      'dbt-jobs-webhook',
      'dbt-jobs-release',
    ]);
    expect(bindings(await render(...organizations, '--set', 'watcher.writesIn=cluster'))).toEqual([
      'dbt-jobs-watcher',
      'dbt-jobs-watcher-organization',
      'dbt-jobs-webhook',
      'dbt-jobs-release',
    ]);
  });

  const refused: Record<string, { words: readonly string[]; said: string }> = {
    'another namespace for the installation': {
      words: ['-n', 'elsewhere'],
      said: 'the namespace of the installation is "elsewhere", but the policies exclude "dbt-jobs-system"',
    },
    'the tag latest': { words: ['--set', 'image.tag=latest'], said: 'the tag "latest"' },
    'an organization named twice': {
      words: ['--set', 'organizations[0].namespace=a,organizations[1].namespace=a'],
      said: 'organizations names the namespace "a" twice',
    },
    "an organization in Kubernetes' own namespace": {
      words: ['--set', 'organizations[0].namespace=kube-system'],
      said: 'an organization needs a namespace of its own',
    },
    'a misspelt value': {
      words: ['--set', 'webhook.replica=3'],
      said: "at '/webhook': additional properties 'replica' not allowed",
    },
    'an engine there is not': {
      words: ['--set', 'engine=kyverno'],
      said: "at '/engine': value must be one of 'webhook', 'kyverno-cluster-policy'",
    },
  };
  it.each(Object.entries(refused))('is refused for %s', async (_, { words, said }) => {
    expect(await refusal(...words)).toContain(said);
  });
});
