import { describe, expect, it } from 'vitest';
import { annotations } from '../../contract/names.ts';
import type { Container } from './pod.ts';
import { samplePod } from './sample.ts';
import { chooseContainer, isProjectName, projectLabel } from './select.ts';

describe('a pod', () => {
  it('is ours by its label', () => expect(projectLabel(samplePod().metadata)).toBe('shop'));
  it('without labels is not ours', () => expect(projectLabel({})).toBeUndefined());
  it('without metadata is not ours', () => expect(projectLabel(undefined)).toBeUndefined());
  it('with an empty label is ours, of no project', () => {
    expect(projectLabel({ labels: { 'dbt-jobs.io/project': '' } })).toBe('');
    expect(isProjectName('')).toBe(false);
  });
});

describe('a label value', () => {
  const cases: Record<string, [string, boolean]> = {
    'of letters, digits and dashes names a project': ['shop-2', true],
    'of one letter names a project': ['s', true],
    'of 63 characters names a project': ['s'.repeat(63), true],
    'of 64 characters does not': ['s'.repeat(64), false],
    'with a capital does not': ['Shop', false],
    'that begins with a dash does not': ['-shop', false],
    'that ends with a dash does not': ['shop-', false],
    'with a path does not': ['../shop', false],
    'with a query does not': ['shop?watch=1', false],
    'with a second line does not': ['shop\nx', false],
    'with a line end does not': ['shop\n', false],
    'with a template does not': ['{{request.namespace}}', false],
  };
  it.each(Object.entries(cases))('%s', (_, [value, valid]) => expect(isProjectName(value)).toBe(valid));
});

describe('the dbt container', () => {
  const plan = (name: string): Container => ({ name, image: 'plan:current' });
  const other = (name: string): Container => ({ name, image: 'busybox' });
  const cases: Record<string, { containers: Container[] | null; asked?: string; chosen: unknown }> = {
    'is the one that the annotation names': {
      containers: [plan('a'), other('b')],
      asked: 'b',
      chosen: { kind: 'chosen', container: other('b') },
    },
    'is unknown where the annotation names none of them': {
      containers: [plan('a'), other('b')],
      asked: 'c',
      chosen: { kind: 'unknown', asked: 'c', names: ['a', 'b'] },
    },
    'is the only one with the image plan:current, though another is called dbt': {
      containers: [other('dbt'), plan('a')],
      chosen: { kind: 'chosen', container: plan('a') },
    },
    'is the one called dbt where two have the image': {
      containers: [plan('a'), plan('dbt')],
      chosen: { kind: 'chosen', container: plan('dbt') },
    },
    'is the one called dbt where none has the image': {
      containers: [other('a'), other('dbt')],
      chosen: { kind: 'chosen', container: other('dbt') },
    },
    'is the only one, whatever its image': {
      containers: [other('a')],
      chosen: { kind: 'chosen', container: other('a') },
    },
    'does not follow an empty annotation': {
      containers: [other('a')],
      asked: '',
      chosen: { kind: 'chosen', container: other('a') },
    },
    'is ambiguous among two': {
      containers: [other('a'), other('b')],
      chosen: { kind: 'ambiguous', names: ['a', 'b'] },
    },
    'is ambiguous among two with the image': {
      containers: [plan('a'), plan('b')],
      chosen: { kind: 'ambiguous', names: ['a', 'b'] },
    },
    'is ambiguous among none': { containers: null, chosen: { kind: 'ambiguous', names: [] } },
  };
  it.each(Object.entries(cases))('%s', (_, { containers, asked, chosen }) => {
    const annotated = asked === undefined ? {} : { annotations: { [annotations.container]: asked } };
    expect(chooseContainer(samplePod({ containers }, annotated))).toEqual(chosen);
  });
});
