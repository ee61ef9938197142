import { expect, it } from 'vitest';
import { imageOf } from './kyverno-image.ts';

it('names an image after the version and the build of its binary', () => {
  expect(imageOf('/cache/bin/kyverno-v1.19.1-0123456789ab/kyverno')).toBe(
    'dbt-jobs.io/kyverno:v1.19.1-0123456789ab',
  );
});
