import type { Container, Pod, SecurityContext } from './pod.ts';

const restricted: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/**
 * Pod Security speaks before the backstop: a pod with problems must pass "restricted", or its author reads of
 * privileges and not of the problems.
 *
 * Sets: spec.containers[].securityContext, spec.initContainers[].securityContext.
 * Leaves alone when: the container has one; the pod is a Windows pod, on which the API server refuses these fields.
 * Clause: C22.
 */
export function passPodSecurity(pod: Pod): Pod {
  const { containers, initContainers, os } = pod.spec;
  if (os?.name === 'windows') return pod;
  const restrict = (container: Container): Container => ({ securityContext: restricted, ...container });
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(containers ? { containers: containers.map(restrict) } : {}),
      ...(initContainers ? { initContainers: initContainers.map(restrict) } : {}),
    },
  };
}
