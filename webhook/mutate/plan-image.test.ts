import { describe, expect, it } from 'vitest';
import { mutatePlanImage } from './plan-image.ts';
import type { Container } from './pod.ts';
import { planImageInForce, sampleInjection, samplePod, sampleProject } from './sample.ts';

describe('the image of the dbt container', () => {
  const cases: Record<string, { container: Container; mutated: Container }> = {
    'becomes the plan image with the pull policy of the project': {
      container: { name: 'dbt', image: 'plan:current', imagePullPolicy: 'Always' },
      mutated: { name: 'dbt', image: planImageInForce, imagePullPolicy: 'Never' },
    },
    'stays with its own pull policy where it is the plan image': {
      container: { name: 'dbt', image: planImageInForce, imagePullPolicy: 'Always' },
      mutated: { name: 'dbt', image: planImageInForce, imagePullPolicy: 'Always' },
    },
  };
  it.each(Object.entries(cases))('%s', (_, { container, mutated }) => {
    const sidecar = { name: 'sidecar', image: 'busybox' };
    const pod = samplePod({ containers: [sidecar, container] });
    const injection = sampleInjection(sampleProject({ imagePullPolicy: 'Never' }));
    expect(mutatePlanImage(pod, injection).spec.containers).toEqual([sidecar, mutated]);
  });
});
