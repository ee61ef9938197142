import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, shownOutcome } from './shown.ts';

describe('shownOutcome', () => {
  it('is short, on one line and without secrets', () => {
    const nodes = Array.from({ length: 12 }, (_, index) => ({
      uniqueId: `model.shop.m${index}`,
      status: 'error',
      message: 'password=hunter2\nü'.padEnd(600, 'ü'),
    }));
    const shown = shownOutcome({
      result: 'failed',
      reason: 'DbtHandledError',
      message: `https://u:p@host/x\n\u001b[31m${'é'.repeat(2000)}`,
      container: 'dbt',
      exitCode: 1,
      dbt: { counts: { error: 12 }, failedNodes: nodes },
    });
    expect(shown.dbt?.failedNodes).toHaveLength(10);
    expect(shown.dbt?.counts).toEqual({ error: 12 });
    expect(shown.dbt?.failedNodes[0]?.message).toMatch(/^password=\*\*\* ü+…$/);
    expect(shown.message).toMatch(/^https:\/\/\*\*\*@host\/x \[31mé+…$/);
    expect(Buffer.byteLength(shown.message)).toBeLessThanOrEqual(1024);
    expect(JSON.stringify(shown).length).toBeLessThan(6000);
  });
});

describe('cut', () => {
  it('never exceeds the bytes and never halves a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 60 }), (text, bytes) => {
        const short = cut(text, bytes);
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(Math.max(bytes, Buffer.byteLength('')));
        expect(short === text || text.startsWith(short.slice(0, -1))).toBe(true);
      }),
    );
  });
});
