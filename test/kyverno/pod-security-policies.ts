import { join } from 'node:path';
import type { ClusterEnv, Settings } from '../cluster/cluster.ts';
import { mustRun } from '../cluster/command.ts';
import { kyvernoSources, parseManifest } from './release.ts';
import type { KubernetesObject } from './release.ts';

export const policyKinds = ['ValidatingPolicy', 'ClusterPolicy'] as const;
export type PolicyKind = (typeof policyKinds)[number];

/**
 * Kyverno's own Pod Security policies, `restricted` and what is further in their chart, made to refuse. The chart lies in
 * Kyverno's module and has each policy in two kinds.
 */
export const podSecurityPolicies = async (
  settings: Settings,
  { bin }: ClusterEnv,
  kind: PolicyKind,
): Promise<KubernetesObject[]> => {
  const chart = join(await kyvernoSources(settings), 'charts/kyverno-policies');
  const values = {
    policyType: kind,
    podSecurityStandard: 'restricted',
    includeOtherPolicies: '{require-non-root-groups}',
    validationFailureAction: 'Enforce',
  };
  const set = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return parseManifest(await mustRun(join(bin, 'helm'), ['template', 'pod-security', chart, ...set]));
};
