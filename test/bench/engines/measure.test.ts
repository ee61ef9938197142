import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measure, median } from './measure.ts';

describe('a measure', () => {
  it('asks the arms in turn, each turn beginning with another one, and counts neither warm-up nor what all had to bear', async () => {
    const asked: string[] = [];
    let slow = 1000;
    const result = await measure(['none', 'some', 'more'], { rounds: 2, requests: 2, warmUp: 1 }, (arm) => {
      asked.push(arm);
      if (asked.length % 3 === 1) slow += 10;
      return Promise.resolve(slow + { none: 0, some: 2, more: 5 }[arm]);
    });
    expect(asked.join(' ')).toBe(
      'none some more none some more some more none some more none more none some',
    );
    expect(result).toEqual([
      { name: 'none', whole: [1025, 1045], added: [0, 0] },
      { name: 'some', whole: [1027, 1047], added: [2, 2] },
      { name: 'more', whole: [1030, 1050], added: [5, 5] },
    ]);
  });
});

describe('the median', () => {
  it('has as many values below as above', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        expect(Math.max(below, values.filter((value) => value > middle).length)).toBeLessThanOrEqual(
          values.length / 2,
        );
      }),
    );
  });
});
