import { expect, it } from 'vitest';
import { differenceOf } from './line-difference.ts';

it('tells what was added and what was replaced, line by line', () =>
  expect(
    differenceOf(
      'spec:\n  image: plan:current\n  args: [build]\n',
      'spec:\n  image: shop@sha256:1\n  args: [build]\n  env: []\n',
    ),
  ).toEqual([
    { kind: 'same', text: 'spec:' },
    { kind: 'removed', text: '  image: plan:current' },
    { kind: 'added', text: '  image: shop@sha256:1' },
    { kind: 'same', text: '  args: [build]' },
    { kind: 'added', text: '  env: []' },
  ]));
