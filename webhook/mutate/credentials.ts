import type { DbtProject } from '../../contract/dbt-project.ts';
import type { Injection } from './injection.ts';
import { changeDbtContainer } from './injection.ts';
import type { EnvFromSource, EnvVar, Pod } from './pod.ts';

/**
 * Whole Secrets of the project become environment of the dbt container, by reference and before the user's, so that
 * the user's win. Listed keys are environment too (posture.ts has the order); files are volumes (volumes.ts).
 *
 * Sets: spec.containers[dbt].envFrom.
 * Leaves alone when: the container refers to that Secret without a prefix already.
 * Clause: C13.
 */
export function mutateCredentials(pod: Pod, injection: Injection): Pod {
  return changeDbtContainer(pod, injection, (container) => {
    const own = container.envFrom ?? [];
    const ours = secretSources(injection.project).filter(
      (source) => !own.some((other) => !hasPrefix(other) && sameSecret(other, source)),
    );
    return ours.length === 0 ? container : { ...container, envFrom: [...ours, ...own] };
  });
}

/** Listed keys, each by itself: the kubelet then names one that is missing. */
export function keyEnvironment({ spec }: DbtProject): readonly EnvVar[] {
  return spec.credentials
    .filter(({ as }) => as === 'env')
    .flatMap(({ secretName, keys = [] }) =>
      keys.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: secretName, key } } })),
    );
}

function secretSources({ spec }: DbtProject): readonly EnvFromSource[] {
  return spec.credentials
    .filter(({ as, keys }) => as === 'env' && keys === undefined)
    .map(({ secretName }) => ({ secretRef: { name: secretName } }));
}

function hasPrefix({ prefix = '' }: EnvFromSource): boolean {
  return prefix !== '';
}

function sameSecret(left: EnvFromSource, right: EnvFromSource): boolean {
  return left.secretRef?.name === right.secretRef?.name;
}
