import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobSettings } from '../../wire/job.ts';
import type { JobSettings } from '../../wire/job.ts';
import { draftOf, emptyDraft, settingsOf } from './draft.ts';

const settings: JobSettings = {
  command: 'run',
  options: { select: ['tag:nightly', 'path:my models'], threads: 8, fullRefresh: true, vars: '{"a": 1}' },
  schedule: { cron: '*/15 * * * *', timeZone: 'Europe/Berlin' },
  overlap: 'Replace',
  timeoutSeconds: 5400,
  retries: 2,
  alerts: { slack: true, channel: '#data' },
  paused: true,
};

describe('a draft', () => {
  it('of settings that are left alone saves the same settings', () =>
    expect(jobSettings.parse(settingsOf(draftOf('nightly', settings), false))).toEqual(settings));
  it('that is new saves a daily build, with alerts where Slack is connected', () =>
    expect(jobSettings.parse(settingsOf(emptyDraft('UTC'), true))).toEqual({
      command: 'build',
      options: {},
      schedule: { cron: '0 6 * * *', timeZone: 'UTC' },
      overlap: 'Forbid',
      retries: 0,
      alerts: { slack: true },
      paused: false,
    }));
  it('keeps a switch that was pressed, whatever Slack is', () =>
    expect(settingsOf({ ...emptyDraft('UTC'), slack: false }, true).alerts).toEqual({ slack: false }));
  it('drops a full refresh that the command does not take', () =>
    expect(settingsOf({ ...emptyDraft('UTC'), command: 'test', fullRefresh: true }, true).options).toEqual(
      {},
    ));
  it('keeps every timeout to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 604_800 }), (timeoutSeconds) => {
        const draft = draftOf('nightly', { ...settings, timeoutSeconds });
        expect(settingsOf(draft, false)).toMatchObject({ timeoutSeconds });
      }),
    );
  });
});
