import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { lostFields } from './lost-fields.ts';

const user: Json = {
  metadata: { name: 'x', annotations: { mine: 'a', 'dbt-jobs.io/project-uid': 'forged' } },
  spec: {
    volumes: [{ name: 'a' }, { name: 'b' }],
    containers: [
      {
        name: 'dbt',
        image: 'plan:current',
        imagePullPolicy: 'Never',
        args: ['build'],
        env: [{ name: 'A', value: '1' }],
        resources: { limits: { memory: '1Gi' } },
      },
      { name: 'side', image: 'side:1', resources: { limits: { memory: '1Gi' } } },
    ],
  },
};

/** What an engine may make of it. */
const result = {
  metadata: {
    name: 'x',
    annotations: { mine: 'a', 'dbt-jobs.io/project-uid': 'uid', 'dbt-jobs.io/container': 'dbt' },
  },
  spec: {
    initContainers: [{ name: 'dbt-jobs-git-sync' }],
    volumes: [{ name: 'a' }, { name: 'b' }, { name: 'dbt-jobs-work' }],
    containers: [
      {
        name: 'dbt',
        image: 'shop:1',
        imagePullPolicy: 'Always',
        args: ['build'],
        env: [
          { name: 'DBT_LOG_FORMAT', value: 'json' },
          { name: 'A', value: '1' },
        ],
        resources: { limits: { memory: '2Gi' } },
      },
      { name: 'side', image: 'side:1', resources: { limits: { memory: '1Gi' } } },
    ],
  },
};

const container = (index: number, fields: Json): Json => ({
  ...result,
  spec: {
    ...result.spec,
    containers: result.spec.containers.map((own, at) => (at === index ? { ...own, ...fields } : own)),
  },
});

describe('fields of the user', () => {
  it('survive what the contract lets an engine do', () => {
    expect(lostFields(user, result)).toEqual([]);
  });
  const table: Readonly<Record<string, readonly [Json, readonly string[]]>> = {
    'are lost with an annotation': [
      { ...result, metadata: { name: 'x', annotations: { 'dbt-jobs.io/container': 'dbt' } } },
      ['metadata.annotations.mine'],
    ],
    'are lost where a list is replaced': [
      { ...result, spec: { ...result.spec, volumes: [{ name: 'dbt-jobs-work' }] } },
      ['spec.volumes[0]', 'spec.volumes[1]'],
    ],
    'are lost where their order changes': [
      { ...result, spec: { ...result.spec, volumes: [{ name: 'b' }, { name: 'a' }] } },
      ['spec.volumes[1]'],
    ],
    'are lost with a variable': [container(0, { env: [] }), ['spec.containers[0]']],
    'are changed with an argument more': [
      container(0, { args: ['build', '--full-refresh'] }),
      ['spec.containers[0]'],
    ],
    'are changed with the image of a sidecar': [container(1, { image: 'shop:1' }), ['spec.containers[1]']],
    'are changed with the resources of a sidecar': [container(1, { resources: {} }), ['spec.containers[1]']],
  };
  for (const [sentence, [changed, paths]] of Object.entries(table)) {
    it(sentence, () => {
      expect(lostFields(user, changed)).toEqual(paths);
    });
  }
});
