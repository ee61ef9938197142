import { describe, expect, it } from 'vitest';
import { mutateCronJob } from './mutate-cron-job.ts';
import type { CronJob } from './pod.ts';
import { sampleProject } from './sample.ts';

function cronJob(labels: Readonly<Record<string, string>>, metadata: CronJob['metadata'] = {}): CronJob {
  return { metadata, spec: { jobTemplate: { spec: { template: { metadata: { labels } } } } } };
}
const ours = { 'dbt-jobs.io/project': 'shop' };
const mark = { 'dbt-jobs.io/project-uid': 'uid-of-shop' };

describe('a CronJob', () => {
  it('of a known project gets the mark, beside its own annotations', () => {
    const given = cronJob(ours, { annotations: { team: 'a', 'dbt-jobs.io/project-uid': 'another' } });
    const first = mutateCronJob(given, sampleProject());
    expect(first).toEqual(cronJob(ours, { annotations: { team: 'a', ...mark } }));
    expect(mutateCronJob(first, sampleProject())).toBe(first);
  });
  it('of an unknown project is untouched', () => {
    const given = cronJob(ours);
    expect(mutateCronJob(given, undefined)).toBe(given);
  });
  it('without the label in its template is untouched', () => {
    const given = cronJob({}, { labels: ours });
    expect(mutateCronJob(given, sampleProject())).toBe(given);
  });
});
