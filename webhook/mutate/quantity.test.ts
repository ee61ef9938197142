import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalQuantity } from './quantity.ts';

describe('two quantities', () => {
  const cases: Record<string, [string, string, boolean]> = {
    'are equal when written alike': ['500m', '500m', true],
    'are equal as cores and as thousandths': ['1', '1000m', true],
    'are equal as gibibytes and as mebibytes': ['1Gi', '1024Mi', true],
    'are equal with a fraction': ['0.5', '500m', true],
    'are equal with a fraction of a binary unit': ['1.5Gi', '1536Mi', true],
    'are equal with trailing zeros': ['1.50', '1.5', true],
    'are equal with an exponent': ['1e3', '1k', true],
    'are equal with a negative exponent': ['5e-1', '500m', true],
    'are equal where a float would round': ['9007199254740993', '9007199254740993000m', true],
    'differ where a float would round': ['9007199254740993', '9007199254740992', false],
    'differ as gigabytes and gibibytes': ['1G', '1Gi', false],
    'differ in their sign': ['-1', '1', false],
    'differ when one is no quantity': ['1', 'one', false],
    'differ when both are the same word': ['one', 'one', false],
    'differ when one is empty': ['', '0', false],
    'know E as a suffix, not as an exponent': ['1E', '1000P', true],
  };
  it.each(Object.entries(cases))('%s', (_, [left, right, equal]) => {
    expect(equalQuantity(left, right)).toBe(equal);
    expect(equalQuantity(right, left)).toBe(equal);
  });

  it('are equal whatever unit says the same number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (number) => {
        expect(equalQuantity(`${String(number)}Ki`, String(number * 1024n))).toBe(true);
        expect(equalQuantity(`${String(number)}m`, `${String(number)}000u`)).toBe(true);
        expect(equalQuantity(String(number), String(number + 1n))).toBe(false);
      }),
    );
  });
});
