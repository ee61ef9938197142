import { describe, expect, it } from 'vitest';
import type { Pod } from './pod.ts';
import { passPodSecurity } from './pod-security.ts';
import { samplePod } from './sample.ts';

const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const own = { runAsUser: 0 };
const dbt = { name: 'dbt', image: 'other:1' };

describe('a pod that is to be denied', () => {
  const cases: Readonly<Record<string, { readonly pod: Pod; readonly passed: Pod }>> = {
    'passes Pod Security restricted with every container': {
      pod: samplePod({ initContainers: [dbt], containers: [dbt, { ...dbt, name: 'sidecar' }] }),
      passed: samplePod({
        initContainers: [{ ...dbt, securityContext: restricted }],
        containers: [
          { ...dbt, securityContext: restricted },
          { ...dbt, name: 'sidecar', securityContext: restricted },
        ],
      }),
    },
    'keeps a securityContext that its author wrote': {
      pod: samplePod({ containers: [{ ...dbt, securityContext: own }] }),
      passed: samplePod({ containers: [{ ...dbt, securityContext: own }] }),
    },
    'of Windows is left alone': {
      pod: samplePod({ os: { name: 'windows' } }),
      passed: samplePod({ os: { name: 'windows' } }),
    },
  };
  it.each(Object.entries(cases))('%s', (_sentence, { pod, passed }) => {
    expect(passPodSecurity(pod)).toEqual(passed);
  });
});
