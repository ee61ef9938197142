import { defineConfig } from 'vitest/config';

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
    ],
  },
});
