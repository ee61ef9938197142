import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobSettings } from '../wire/job.ts';
import { mergePatch } from '../kube/merge-patch.ts';
import { changePatch } from './change-patch.ts';
import { type CronJob, parseJob } from './cron-job.ts';
import { gitOwnerOf } from './git-owner.ts';
import { newCronJob } from './manifest.ts';
import { readSettings } from './read-settings.ts';
import { settingsProblems } from './settings-problems.ts';
import { anySettings, nightly } from './testdata/settings.ts';

const server = { uid: 'c1', resourceVersion: '7', generation: 1, creationTimestamp: '2026-02-03T10:00:00Z' };

function made(settings: JobSettings): CronJob {
  const manifest = newCronJob({ namespace: 'acme', name: 'nightly', project: 'shop', settings });
  return parsed({ ...manifest, metadata: { ...manifest.metadata, ...server } });
}

function parsed(value: unknown): CronJob {
  const job = parseJob(value);
  if (job === undefined) throw new Error('no job');
  return job.object;
}

describe('newCronJob', () => {
  it('makes the least that says what the settings say', () => {
    const settings: JobSettings = {
      ...nightly,
      options: { select: ['marts+'] },
      timeoutSeconds: 3600,
      retries: 2,
      alerts: { slack: false, channel: '#data' },
    };
    expect(newCronJob({ namespace: 'acme', name: 'nightly', project: 'shop', settings })).toEqual({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'acme' },
      spec: {
        schedule: '0 3 * * *',
        timeZone: 'Europe/Amsterdam',
        startingDeadlineSeconds: 3600,
        concurrencyPolicy: 'Forbid',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: {
            annotations: { 'dbt-jobs.io/slack-alerts': 'off', 'dbt-jobs.io/slack-channel': '#data' },
          },
          spec: {
            backoffLimit: 2,
            activeDeadlineSeconds: 3600,
            ttlSecondsAfterFinished: 604_800,
            podFailurePolicy: {
              rules: [
                { action: 'FailJob', onExitCodes: { containerName: 'dbt', operator: 'In', values: [2] } },
                { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
              ],
            },
            template: {
              metadata: { labels: { 'dbt-jobs.io/project': 'shop' } },
              spec: {
                restartPolicy: 'Never',
                automountServiceAccountToken: false,
                containers: [
                  { name: 'dbt', image: 'plan:current', command: ['dbt', 'build', '--select', 'marts+'] },
                ],
              },
            },
          },
        },
      },
    });
  });

  it('says what readSettings reads again', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(settingsProblems(settings)).toEqual([]);
        expect(readSettings(made(settings))).toEqual(settings);
      }),
    );
  });
});

describe('changePatch', () => {
  it('makes one settings of any other', () => {
    fc.assert(
      fc.property(anySettings, anySettings, (before, after) => {
        const object = made(before);
        expect(readSettings(parsed(mergePatch(object, changePatch(object, after))))).toEqual(after);
      }),
    );
  });

  it('leaves alone whatever settings do not say', () => {
    const foreign = {
      metadata: { labels: { team: 'data' } },
      spec: {
        startingDeadlineSeconds: 60,
        successfulJobsHistoryLimit: 9,
        jobTemplate: {
          metadata: { labels: { team: 'data' }, annotations: { note: 'x' } },
          spec: {
            podFailurePolicy: { rules: [] },
            template: {
              metadata: { annotations: { 'dbt-jobs.io/container': 'main' } },
              spec: {
                priorityClassName: 'low',
                containers: [
                  { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' },
                  {
                    name: 'main',
                    image: 'plan:current',
                    command: ['dbt'],
                    args: ['run'],
                    env: [{ name: 'A' }],
                  },
                ],
              },
            },
          },
        },
      },
    };
    fc.assert(
      fc.property(anySettings, (settings) => {
        const object = parsed(mergePatch(made(nightly), foreign));
        const after = parsed(mergePatch(object, changePatch(object, settings)));
        const main = after.spec.jobTemplate.spec.template.spec.containers[1];
        const { containers } = foreign.spec.jobTemplate.spec.template.spec;
        const others = mergePatch(foreign, {
          spec: { jobTemplate: { spec: { template: { spec: { containers: [containers[0], main] } } } } },
        });
        expect(after).toMatchObject(Object(others));
        expect(main).toMatchObject({ name: 'main', image: 'plan:current', env: [{ name: 'A' }] });
      }),
    );
  });

  it('writes only what differs', () => {
    const object = made(nightly);
    expect(changePatch(object, { ...nightly, paused: true })).toEqual({
      spec: { suspend: true, jobTemplate: { metadata: { annotations: {} }, spec: {} } },
    });
  });

  it('gives a CronJob without them a zone and a limit for late starts', () => {
    const object = parsed(
      mergePatch(made(nightly), { spec: { timeZone: null, startingDeadlineSeconds: null } }),
    );
    expect(
      changePatch(object, { ...nightly, schedule: { cron: '0 3 * * *', timeZone: 'UTC' } }),
    ).toMatchObject({
      spec: { timeZone: 'UTC', startingDeadlineSeconds: 3600 },
    });
  });
});

const podPatch = (pod: object) => ({ spec: { jobTemplate: { spec: { template: pod } } } });
const jobPatch = (spec: object) => ({ spec: { jobTemplate: { spec } } });
const withContainer = (change: object) =>
  podPatch({
    spec: { containers: [{ name: 'dbt', image: 'plan:current', command: ['dbt', 'build'], ...change }] },
  });

const byHand = {
  'a zone of its controller as UTC': [
    { spec: { timeZone: null } },
    { schedule: { cron: '0 3 * * *', timeZone: 'UTC' } },
  ],
  'the attempts that Kubernetes makes by itself': [jobPatch({ backoffLimit: null }), { retries: 6 }],
  'the overlap that Kubernetes allows by itself': [
    { spec: { concurrencyPolicy: null } },
    { overlap: 'Allow' },
  ],
  'words over command and args': [withContainer({ args: ['-x'] }), { options: { failFast: true } }],
} as const;

describe('readSettings reads', () => {
  it.each(Object.entries(byHand))('%s', (_, [patch, expected]) => {
    expect(readSettings(parsed(mergePatch(made(nightly), patch)))).toEqual({ ...nightly, ...expected });
  });
});

const inexpressible = {
  'a shell': [
    withContainer({ command: ['sh', '-c', 'dbt build'] }),
    'its command is none of dbt build, dbt run, dbt test, dbt snapshot, dbt seed',
  ],
  'another image': [withContainer({ image: 'dbt:1' }), 'its image is dbt:1, not plan:current'],
  'containers of which none is dbt': [
    podPatch({ spec: { containers: [{ name: 'a' }, { name: 'b' }] } }),
    'its command is none of dbt build, dbt run, dbt test, dbt snapshot, dbt seed; none of its containers is the one that runs dbt',
  ],
  'a plan that it is pinned to': [
    podPatch({ metadata: { labels: { 'dbt-jobs.io/plan': 'p1' } } }),
    'it is pinned to plan p1',
  ],
  'an interval': [
    { spec: { schedule: '@every 2h' } },
    'its schedule @every counts from the last run and drifts: write fixed times, as in 0 */2 * * * for every second hour',
  ],
  'a zone that is not of the list': [
    { spec: { timeZone: 'CET' } },
    'its time zone "CET" must be UTC or a time zone of the IANA list, in its spelling: Europe/Amsterdam, America/New_York',
  ],
  'more retries than can be set': [jobPatch({ backoffLimit: 99 }), 'its backoffLimit cannot be set here'],
  'a longer deadline than can be set': [
    jobPatch({ activeDeadlineSeconds: 10_000_000 }),
    'its activeDeadlineSeconds cannot be set here',
  ],
  'several pods a run': [jobPatch({ completions: 3 }), 'each of its runs is more than one pod'],
  'runs that do not start': [jobPatch({ suspend: true }), 'its runs are made suspended'],
} as const;

describe('readSettings gives the reason for', () => {
  it.each(Object.entries(inexpressible))('%s', (_, [patch, reason]) => {
    const read = readSettings(parsed(mergePatch(made(nightly), patch)));
    expect('reasons' in read && read.reasons.join('; ')).toBe(reason);
  });
});

const wrong = {
  'a selector that is an option': [
    { options: { select: ['a', '--vars'] } },
    'options.select[1]',
    'must not begin with -: dbt would take it for an option',
  ],
  'a control character': [
    { options: { target: 'a\u0000b' } },
    'options.target',
    'must not hold control characters',
  ],
  'a selector beside a selection': [
    { options: { selector: 's', exclude: ['a'] } },
    'options.selector',
    'must be alone: beside it, dbt would not look at select and exclude',
  ],
  'a full refresh of a test': [
    { command: 'test', options: { fullRefresh: true } },
    'options.fullRefresh',
    'must be off: dbt test has no full refresh',
  ],
  'a channel that Slack cannot have': [
    { alerts: { slack: true, channel: 'data team' } },
    'alerts.channel',
    'must be #name, or the id of a channel as Slack shows it',
  ],
  'variables that are a list': [
    { options: { vars: '[1]' } },
    'options.vars',
    'must be one object in YAML or JSON, as {"days": 3}',
  ],
  'variables that are no YAML': [
    { options: { vars: '{"a"' } },
    'options.vars',
    'must be one object in YAML or JSON, as {"days": 3}',
  ],
  'a zone that is none': [
    { schedule: { cron: '0 3 * * *', timeZone: 'Mars/Olympus' } },
    'schedule.timeZone',
    '"Mars/Olympus" must be UTC or a time zone of the IANA list, in its spelling: Europe/Amsterdam, America/New_York',
  ],
  'a field of seconds': [
    { schedule: { cron: '0 0 3 * * *', timeZone: 'UTC' } },
    'schedule.cron',
    'has 6 fields and must have five: minute, hour, day of month, month, day of week, as in 0 3 * * *; a CronJob knows no seconds and no years',
  ],
} as const;

describe('settingsProblems names', () => {
  it.each(Object.entries(wrong))('%s', (_, [change, field, message]) => {
    const settings = { ...nightly, ...change } as unknown as JobSettings;
    expect(settingsProblems(settings)).toEqual([{ field: `settings.${field}`, message }]);
  });
});

describe('gitOwnerOf', () => {
  it.each([
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:batch/CronJob:acme/nightly' } }],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }],
    ['Flux', { labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'app.kubernetes.io/managed-by': 'Helm' } }],
    ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }],
    [undefined, { labels: { 'app.kubernetes.io/managed-by': 'kubectl' }, annotations: null }],
  ])('knows the marks of %s', (by, marks) => {
    expect(gitOwnerOf(marks)).toBe(by);
  });
});
