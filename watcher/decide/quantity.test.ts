import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from './quantity.ts';

describe('parseQuantity', () => {
  it.each([
    ['1', 10n ** 9n],
    ['100m', 10n ** 8n],
    ['0.5', 5n * 10n ** 8n],
    ['1.5Gi', 1_610_612_736n * 10n ** 9n],
    ['1k', 10n ** 12n],
    ['1e3', 10n ** 12n],
    ['12e-3', 12_000_000n],
    ['2.', 2n * 10n ** 9n],
  ])('%s', (text, expected) => expect(parseQuantity(text)).toBe(expected));

  it.each(['', 'm', '-1', '1 Gi', '1gi', 'Infinity', '0x10', '1e', '1Kim'])('%j is no quantity', (text) =>
    expect(parseQuantity(text)).toBeUndefined(),
  );

  it('orders as numbers do', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(parseQuantity(`${a}m`)! < parseQuantity(`${b}m`)!).toBe(a < b);
        expect(parseQuantity(`${a}Ki`)).toBe(parseQuantity(`${a * 1024}`));
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseQuantity(text)));
  });
});
