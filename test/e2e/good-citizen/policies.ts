import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ClusterEnv, Settings } from '../../cluster/cluster.ts';
import type { PolicyKind } from '../../kyverno/pod-security-policies.ts';
import { podSecurityPolicies } from '../../kyverno/pod-security-policies.ts';
import { parseManifest } from '../../kyverno/release.ts';
import type { KubernetesObject } from '../../kyverno/release.ts';

/** On the namespaces that the policies are for; its value says which variant of project is there. */
export const scopeLabel = 'good-citizen';

const wellKnown = readFileSync(new URL('policies.yaml', import.meta.url), 'utf8');

/** What a cluster of this kind of policies asks: Pod Security, and with ValidatingPolicies the well-known ones too. */
export async function policiesOf(
  kind: PolicyKind,
  settings: Settings,
  env: ClusterEnv,
): Promise<readonly KubernetesObject[]> {
  const podSecurity = await podSecurityPolicies(settings, env, kind);
  return [...podSecurity, ...(kind === 'ValidatingPolicy' ? parseManifest(wellKnown) : [])].map(scoped);
}

const validatingPolicy = z.looseObject({ spec: z.looseObject({ matchConstraints: z.looseObject({}) }) });
const clusterPolicy = z.looseObject({
  spec: z.looseObject({
    rules: z.array(
      z.looseObject({
        match: z.object({ any: z.array(z.object({ resources: z.looseObject({}) })) }),
      }),
    ),
  }),
});

/**
 * As it is, but for our namespaces only. All have one selector: Kyverno gives each its own webhook, and an API server
 * shows the refusal of one.
 */
const namespaceSelector = { matchExpressions: [{ key: scopeLabel, operator: 'Exists' }] };

function scoped(policy: KubernetesObject): KubernetesObject {
  if (policy.kind === 'ValidatingPolicy') {
    const { spec } = validatingPolicy.parse(policy);
    const matchConstraints = { ...spec.matchConstraints, namespaceSelector };
    return { ...policy, spec: { ...spec, matchConstraints } };
  }
  const { spec } = clusterPolicy.parse(policy);
  const rules = spec.rules.map((rule) => ({
    ...rule,
    match: {
      any: rule.match.any.map(({ resources }) => ({ resources: { ...resources, namespaceSelector } })),
    },
  }));
  return { ...policy, spec: { ...spec, rules } };
}

/** Names of the policies that a refusal of Kyverno tells of, in the order of the alphabet. */
export function refusingPolicies(message: string): readonly string[] {
  const names = [...message.matchAll(/Policy (\S+) failed|^([a-z][a-z-]+):$/gm)];
  return [...new Set(names.map(([, validating, cluster]) => validating ?? cluster ?? ''))].sort();
}
