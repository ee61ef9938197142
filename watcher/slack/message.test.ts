import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inert } from './inert.ts';
import { type Alert, durationText, failureMessage, recoveryMessage, type SlackMessage } from './message.ts';

const alert: Alert = {
  namespace: 'acme',
  project: 'shop',
  job: 'nightly',
  kind: 'Job',
  name: 'nightly-29391',
  outcome: {
    result: 'failed',
    reason: 'OOMKilled',
    message: 'container "dbt" was killed: it used more memory than its limit',
    container: 'dbt',
    exitCode: 137,
    dbt: {
      counts: { success: 3, error: 7, started: 1 },
      failedNodes: Array.from({ length: 7 }, (_, index) => ({
        uniqueId: `model.shop.m${index}`,
        status: 'error',
        message: index === 0 ? 'Database Error: no <table>' : '',
      })),
      unfinishedNodes: ['model.shop.slow'],
    },
  },
  commit: '3f1c0d9a4be27b0a9cc6f1f4d7a6b1a1b8a2c3d4',
  durationSeconds: 725,
};

const lines = ({ text, blocks }: SlackMessage) => [
  text,
  ...blocks.flatMap((block) => block.text.text.split('\n')),
];

describe('the message about a failed run', () => {
  it('names project, job, cause, nodes with their error, next step, run, commit and duration', () => {
    expect(lines(failureMessage(alert))).toEqual([
      'shop / nightly failed: OOMKilled',
      ':red_circle: *shop / nightly* failed: *OOMKilled*',
      'container "dbt" was killed: it used more memory than its limit',
      '• model.shop.m0 (error): Database Error: no &lt;table&gt;',
      '• model.shop.m1 (error)',
      '• model.shop.m2 (error)',
      '• model.shop.m3 (error)',
      '• model.shop.m4 (error)',
      '• and 2 more',
      '• model.shop.slow was at work',
      '*Next:* raise spec.resources.limits.memory of the DbtProject, or lower its threads',
      'acme/nightly-29391 · commit 3f1c0d9a4be2 · 12 min 5 s',
      '`kubectl logs -n acme job/nightly-29391 --all-containers`',
    ]);
  });

  it('links the run where the installation says where runs are shown', () => {
    const url = 'https://dbt.example/acme/runs/29391?a=1&b=|<x>';
    expect(lines(failureMessage({ ...alert, url })).at(-1)).toBe(
      '<https://dbt.example/acme/runs/29391?a=1&amp;b=%7C%3Cx%3E|acme/nightly-29391> · commit 3f1c0d9a4be2 · 12 min 5 s',
    );
  });

  it('leaves out what is not known', () => {
    const { dbt, ...outcome } = alert.outcome;
    const bare = { ...alert, outcome, commit: undefined, durationSeconds: undefined };
    expect(dbt).toBeDefined();
    expect(failureMessage(bare).blocks).toHaveLength(4);
    expect(lines(failureMessage(bare)).at(-2)).toBe('acme/nightly-29391');
  });

  it('S19: calls nobody and links nothing, whatever dbt says', { timeout: 60_000 }, () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('<'.repeat(5000), '@'.repeat(5000), '`'.repeat(5000)),
      fc.constantFrom(
        '<!channel>',
        '<!here>',
        '<!everyone>',
        '<@U024BE7LH>',
        '<#C024BE7LR>',
        '@channel @here @everyone',
        '<https://evil.example|the log>',
        '```\n<!channel>',
        '&lt;!channel&gt;',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const dbt = {
          counts: { error: 1 },
          failedNodes: [{ uniqueId: a, status: 'error', message: b }],
          unfinishedNodes: [c],
        };
        const message = failureMessage({
          ...alert,
          project: a,
          job: b,
          outcome: { ...alert.outcome, message: c, dbt },
        });
        for (const text of [message.text, ...message.blocks.map((block) => block.text.text)]) {
          expect(text).not.toMatch(/[<>]|@(?!\u2060)/);
          expect(text).not.toContain('```');
          expect(text.length).toBeLessThanOrEqual(3000);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the message about a recovery', () => {
  it('names project, job, run, commit and duration', () => {
    expect(lines(recoveryMessage(alert))).toEqual([
      'shop / nightly has recovered',
      ':large_green_circle: *shop / nightly* has recovered: the newest run succeeded',
      'acme/nightly-29391 · commit 3f1c0d9a4be2 · 12 min 5 s',
      '`kubectl logs -n acme job/nightly-29391 --all-containers`',
    ]);
  });
});

describe('inert', () => {
  it.each([
    ['escapes what Slack reads', 'a & b <!channel>', 100, 'a &amp; b &lt;!channel&gt;'],
    ['breaks a mention', '@here', 100, '@\u2060here'],
    ['never cuts an escape in half', '<<<<', 10, '&lt;&lt;…'],
    ['keeps one line', 'a\n\u001b[31mb', 100, 'a [31mb'],
  ])('%s', (_, text, most, expected) => expect(inert(text, most)).toBe(expected));
});

describe('durationText', () => {
  it.each([
    [0.4, '0 s'],
    [45, '45 s'],
    [725, '12 min 5 s'],
    [10_920, '3 h 2 min'],
  ])('tells %d seconds as %s', (seconds, text) => expect(durationText(seconds)).toBe(text));
});
