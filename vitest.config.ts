import { defineConfig } from 'vitest/config';
import { faultsCluster } from './test/config.ts';

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          // A real git and a real TLS take their time where everything else runs, too.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          include: [
            '{contract,webhook,watcher,control-plane,cli,policies,manifests}/**/*.test.ts',
            'test/*.test.ts',
            'test/bench/**/*.test.ts',
            'test/breaks/**/*.test.ts',
            'test/cluster/**/*.test.ts',
            'test/conformance/**/*.test.ts',
            'test/ids/**/*.test.ts',
            'test/images/**/*.test.ts',
            'test/kyverno/**/*.test.ts',
            'test/outcomes/**/*.test.ts',
          ],
          exclude: ['test/conformance/conformance.test.ts'],
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/e2e/**/*.test.ts', 'test/conformance/conformance.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: 'test/faults/setup.ts',
          env: { CLUSTER_NAME: faultsCluster },
          fileParallelism: false,
          // Each has a watcher of its own: a process, and pods.
          maxConcurrency: 4,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
