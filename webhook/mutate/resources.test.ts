import { describe, expect, it } from 'vitest';
import type { Resources } from './pod.ts';
import { mutateResources } from './resources.ts';
import { dbtContainerOf, sampleInjection, samplePod, sampleProject } from './sample.ts';

const project = { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } };

describe('the resources of the dbt container', () => {
  const cases: Record<string, { own?: Resources; project?: object; mutated: Resources }> = {
    'are the project’s where it has none': { mutated: project },
    'are the project’s where it has others': {
      own: { requests: { cpu: '4', memory: '8Gi' }, limits: { cpu: '4', memory: '8Gi' } },
      mutated: project,
    },
    'are the project’s where one differs': {
      own: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '4', memory: '3Gi' } },
      mutated: project,
    },
    'stay as written where they are equal': {
      own: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { memory: '2048Mi' } },
      mutated: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { memory: '2048Mi' } },
    },
    'keep keys that the project leaves open': {
      own: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '4', memory: '2Gi' } },
      mutated: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '4', memory: '2Gi' } },
    },
    'get the storage on the node that the project sets': {
      own: project,
      project: { ...project, limits: { memory: '2Gi', 'ephemeral-storage': '4Gi' } },
      mutated: { ...project, limits: { memory: '2Gi', 'ephemeral-storage': '4Gi' } },
    },
    'get the cpu limit that the project sets': {
      own: project,
      project: { ...project, limits: { cpu: 2, memory: '2Gi' } },
      mutated: { ...project, limits: { cpu: '2', memory: '2Gi' } },
    },
  };
  it.each(Object.entries(cases))('%s', (_, { own, project: resources = project, mutated }) => {
    const pod = samplePod({
      containers: [{ name: 'dbt', ...(own === undefined ? {} : { resources: own }) }],
    });
    const injection = sampleInjection(sampleProject({ resources }));
    expect(dbtContainerOf(mutateResources(pod, injection)).resources).toEqual(mutated);
  });
});
