import { describe, expect, it } from 'vitest';
import { parsePod } from './kube/pod.ts';
import { createRunIndex } from './run-index.ts';
import { job, pod, rawPod } from './testdata/objects.ts';

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

  it('J9 takes a pod that its deleted Job has let go for an attempt of that Job still', () => {
    const raw = rawPod({ bare: true });
    const labels = {
      ...(raw['metadata'] as { readonly labels: object }).labels,
      'batch.kubernetes.io/controller-uid': 'job-uid',
      'batch.kubernetes.io/job-name': 'nightly-1',
    };
    const left = parsePod({ ...raw, metadata: { ...(raw['metadata'] as object), labels } });
    const index = createRunIndex();
    index.onJob({ type: 'added', object: job() });
    expect(index.onPod({ type: 'added', object: left })).toBe('job-uid');
    expect(index.get('job-uid')?.pods).toEqual([{ pod: left, gone: false }]);
  });

  it('S21 takes no pod of another namespace for an attempt, whatever owner it claims', () => {
    const index = createRunIndex();
    const claims = pod();
    index.onJob({ type: 'added', object: job() });
    index.onPod({
      type: 'added',
      object: { ...claims, metadata: { ...claims.metadata, namespace: 'elsewhere' } },
    });
    expect(index.get('job-uid')?.pods).toEqual([]);
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
