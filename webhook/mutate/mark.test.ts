import { describe, expect, it } from 'vitest';
import { mark, unmark } from './mark.ts';
import type { Pod } from './pod.ts';
import { samplePod, sampleProject } from './sample.ts';

const name = 'dbt-jobs.io/project-uid';

describe('the mark', () => {
  it('is the UID of the project', () => {
    const { metadata } = mark(samplePod({}, { annotations: { mine: 'x' } }), sampleProject());
    expect(metadata?.annotations).toEqual({ mine: 'x', [name]: 'uid-of-shop' });
  });
  it('is set in a pod without metadata', () => {
    const { spec } = samplePod();
    const pod: Pod = { spec };
    expect(mark(pod, sampleProject())).toEqual({
      metadata: { annotations: { [name]: 'uid-of-shop' } },
      spec,
    });
  });
  it('replaces a foreign one', () => {
    const { metadata } = mark(samplePod({}, { annotations: { [name]: 'forged' } }), sampleProject());
    expect(metadata?.annotations).toEqual({ [name]: 'uid-of-shop' });
  });
  it('is removed', () => {
    const { metadata } = unmark(samplePod({}, { annotations: { mine: 'x', [name]: 'forged' } }));
    expect(metadata?.annotations).toEqual({ mine: 'x' });
  });
  it('is not missed where there is none', () => {
    const pod = samplePod();
    expect(unmark(pod)).toBe(pod);
  });
});
