import { describe, expect, it } from 'vitest';
import { BadManifest, parsePodManifest } from './pod-manifest.ts';

const podSpec = '{ restartPolicy: Never, containers: [{ name: dbt, image: "plan:current" }] }';
const labels = '{ dbt-jobs.io/project: shop }';
const spec = { restartPolicy: 'Never', containers: [{ name: 'dbt', image: 'plan:current' }] };

const read: Record<string, { text: string; manifest: unknown }> = {
  'a Pod is taken as it is, with fields that are not known here': {
    text: `---\napiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: acme, other: 1 }\nspec: ${podSpec}\n---\n`,
    manifest: {
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'acme', other: 1 }, spec },
      namespace: 'acme',
      templateOf: undefined,
    },
  },
  'a Job is taken by its template': {
    text: `apiVersion: batch/v1\nkind: Job\nmetadata: { name: j }\nspec: { template: { metadata: { labels: ${labels} }, spec: ${podSpec} } }`,
    manifest: {
      pod: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { generateName: 'j-', labels: { 'dbt-jobs.io/project': 'shop' } },
        spec,
      },
      namespace: undefined,
      templateOf: 'Job j',
    },
  },
  'a CronJob is taken by the template of its Jobs': {
    text: `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: nightly, namespace: acme }\nspec: { jobTemplate: { spec: { template: { spec: ${podSpec} } } } }`,
    manifest: {
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'nightly-' }, spec },
      namespace: 'acme',
      templateOf: 'CronJob nightly',
    },
  },
};

const refused: Record<string, { text: string; message: string }> = {
  'another kind': {
    text: 'apiVersion: apps/v1\nkind: Deployment',
    message: 'kind: must be one of "Pod", "Job" and "CronJob"',
  },
  'no spec and an apiVersion of another kind, both at once': {
    text: 'apiVersion: v2\nkind: Pod\nmetadata: {}',
    message:
      'apiVersion: Invalid input: expected "v1"\nspec: Invalid input: expected object, received undefined',
  },
  'two documents': {
    text: 'a: 1\n---\nb: 1',
    message: 'has 2 documents: one Pod, Job or CronJob is explained at a time',
  },
  nothing: { text: '', message: 'has 0 documents: one Pod, Job or CronJob is explained at a time' },
};

describe('parsePodManifest', () => {
  it.each(Object.entries(read))('%s', (_, { text, manifest }) => {
    expect(parsePodManifest(text)).toEqual(manifest);
  });

  it.each(Object.entries(refused))('refuses %s', (_, { text, message }) => {
    expect(() => parsePodManifest(text)).toThrow(new BadManifest(message));
  });

  it('refuses what is no YAML, and says where', () => {
    expect(() => parsePodManifest('a: [')).toThrow(/^is no YAML: .*\(\d+:\d+\)/);
  });
});
