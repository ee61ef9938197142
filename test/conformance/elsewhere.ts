/**
 * Clauses of the engines that no case can say, and the tests that hold the engines to them: a look-up fails only where
 * rights are taken away, and what a policy is made of cannot be seen in a pod.
 */
export const elsewhere: Readonly<Record<string, readonly string[]>> = {
  C26: ['test/e2e/look-ups.test.ts', 'webhook/admit.test.ts'],
  C27: ['policies/generate.test.ts', 'policies/mutating-admission-policy.test.ts'],
};
