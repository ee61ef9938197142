import { describe, expect, it } from 'vitest';
import { ownership } from './manifests.ts';
import { ownerOf } from './owner.ts';
import type { Owner } from './owner.ts';

const crds = ['customresourcedefinition.apiextensions.k8s.io/clusterpolicies.kyverno.io'];

const cases: Record<
  string,
  { labels: Record<string, string> | undefined; crds: readonly string[]; owner: Owner }
> = {
  'belongs to nobody where nothing is there': { labels: undefined, crds: [], owner: 'nobody' },
  'is ours with our mark on the namespace': { labels: { ...ownership }, crds, owner: 'us' },
  'is ours when an install stopped before the CRDs': { labels: { ...ownership }, crds: [], owner: 'us' },
  "is somebody else's with another mark": {
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    crds,
    owner: 'somebody else',
  },
  "is somebody else's in another namespace": { labels: undefined, crds, owner: 'somebody else' },
};

describe('a Kyverno in the cluster', () => {
  it.each(Object.entries(cases))('%s', (_sentence, { labels, crds: there, owner }) => {
    expect(ownerOf(labels, there)).toBe(owner);
  });
});
