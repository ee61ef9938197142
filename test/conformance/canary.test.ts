import { describe, expect, it } from 'vitest';
import { canaryOf, keepsCanary, withCanary, withoutCanary } from './canary.ts';
import { sampleCase } from './sample-case.ts';
import { unlabelled } from './unlabelled.ts';

describe('a canary', () => {
  const asked = sampleCase();
  it('is a label of the pod, and can be taken out again', () => {
    const sent = withCanary(asked, asked.object);
    expect(JSON.stringify(sent)).toContain(`"${canaryOf(asked)}"`);
    expect(withoutCanary(asked, sent)).toEqual(asked.object);
    expect(keepsCanary(asked, sent, asked.object)).toBe(false);
  });
  it('is a label of a CronJob’s pods', () => {
    const template = { metadata: { labels: { a: 'b' } } };
    const object = { metadata: { labels: {} }, spec: { jobTemplate: { spec: { template } } } };
    const sent = withCanary({ ...asked, kind: 'CronJob' }, object);
    expect(sent).toEqual({
      ...object,
      spec: {
        jobTemplate: {
          spec: {
            template: { metadata: { labels: { a: 'b', 'conformance.example.com/canary': canaryOf(asked) } } },
          },
        },
      },
    });
  });
  it('does not come to an object without labels: that must be sent as it is', () => {
    const bare = { metadata: { name: 'x' }, spec: {} };
    expect(withCanary(asked, bare)).toEqual(bare);
  });
  it('differs from case to case', () => {
    expect(canaryOf(asked)).not.toBe(canaryOf({ ...asked, name: 'a/two' }));
  });
});

describe('the unlabelled twin', () => {
  it('lacks the label of the project, on the object and in its template, and nothing else', () => {
    const labels = { 'dbt-jobs.io/project': 'shop', team: 'a' };
    const job = { metadata: { name: 'x', labels }, spec: { template: { metadata: { labels } } } };
    expect(unlabelled({ ...sampleCase(), kind: 'Job' }, job)).toEqual({
      metadata: { name: 'x', labels: { team: 'a' } },
      spec: { template: { metadata: { labels: { team: 'a' } } } },
    });
  });
});
