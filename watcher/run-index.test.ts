import { describe, expect, it } from 'vitest';
import { createRunIndex } from './run-index.ts';
import { job, pod } from './testdata/objects.ts';

describe('createRunIndex', () => {
  it('finds the pods of a Job, in whatever order the watches tell', () => {
    const index = createRunIndex();
    expect(index.onPod({ type: 'added', object: pod() })).toBe('job-uid');
    expect(index.get('job-uid')).toBeUndefined();
    expect(index.onJob({ type: 'added', object: job() })).toBe('job-uid');
    expect(index.get('job-uid')).toEqual({ run: job(), gone: false, pods: [{ pod: pod(), gone: false }] });
  });

  it('keeps the last state of a pod that is deleted as long as its Job is there', () => {
    const index = createRunIndex();
    index.onJob({ type: 'added', object: job() });
    index.onPod({ type: 'added', object: pod() });
    index.onPod({ type: 'gone', object: pod() });
    expect(index.get('job-uid')?.pods).toEqual([{ pod: pod(), gone: true }]);
  });

  it('takes a pod that no Job controls for a run of its own', () => {
    const index = createRunIndex();
    const bare = pod({ bare: true });
    expect(index.onPod({ type: 'added', object: bare })).toBe('nightly-1-abcde-uid');
    expect(index.get('nightly-1-abcde-uid')).toEqual({
      run: bare,
      gone: false,
      pods: [{ pod: bare, gone: false }],
    });
  });

  it('keeps nothing of a forgotten run, whose pods are deleted after it', () => {
    const index = createRunIndex();
    index.onJob({ type: 'added', object: job() });
    index.onPod({ type: 'added', object: pod() });
    index.forget('job-uid');
    index.onPod({ type: 'changed', object: pod() });
    index.onPod({ type: 'gone', object: pod() });
    index.onJob({ type: 'added', object: job() });
    expect(index.get('job-uid')?.pods).toEqual([]);
  });
});
