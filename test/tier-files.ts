/** Files on the cluster that every change must pass, in order. */
export const coreFiles: readonly string[] = [
  'test/e2e/crd.test.ts',
  'test/e2e/problems.test.ts',
  'test/e2e/injection.test.ts',
  'test/e2e/jobs.test.ts',
  'test/e2e/spine.test.ts',
  'test/e2e/outcomes.test.ts',
];

/** The others, in the order in which CI runs them while it has time. */
export const restFiles: readonly string[] = [
  'test/e2e/cluster.test.ts',
  'test/e2e/chart.test.ts',
  'test/e2e/engines.test.ts',
  'test/e2e/good-citizen.test.ts',
  'test/e2e/look-ups.test.ts',
  'test/conformance/conformance.test.ts',
  'test/e2e/engines-together.test.ts',
  'test/e2e/kyverno-test.test.ts',
];

/** Soak: never in CI. */
export const longFiles: readonly string[] = [];

/** Run with a real Kyverno in the cluster: it is built and installed before the first of them. */
export const kyvernoFiles: readonly string[] = [
  'test/e2e/engines.test.ts',
  'test/e2e/good-citizen.test.ts',
  'test/e2e/look-ups.test.ts',
  'test/conformance/conformance.test.ts',
  'test/e2e/engines-together.test.ts',
  'test/e2e/kyverno-test.test.ts',
];
