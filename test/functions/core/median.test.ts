import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, weightedMedian } from '../../../functions/core/median.ts';

describe('the weighted median', () => {
  it.each([
    [[[5, 1]], 5],
    // half of the weight of 2 is reached by the lower one
    [
      [
        [1, 1],
        [2, 1],
      ],
      1,
    ],
    [
      [
        [1, 0.9],
        [2, 1],
      ],
      2,
    ],
    [
      [
        [3, 1],
        [1, 1],
        [2, 1],
      ],
      2,
    ],
    [
      [
        [10, 3],
        [1, 1],
        [2, 1],
      ],
      10,
    ],
    [
      [
        [1, 1],
        [2, 1],
        [10, 1.9],
      ],
      2,
    ],
    [
      [
        [1, 1],
        [2, 1],
        [10, 2.1],
      ],
      10,
    ],
  ] as const)('of %j is %i', (values, expected) => {
    expect(weightedMedian(values.map(([value, weight]) => ({ value, weight })))).toBe(expected);
  });

  it('is 0 for no values', () => {
    expect(weightedMedian([])).toBe(0);
    expect(median([])).toBe(0);
  });

  it('is one of the values, with no more than half of the weight on either side', () => {
    const one = fc.record({ value: fc.integer({ min: -50, max: 50 }), weight: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1 }), (values) => {
        const middle = weightedMedian(values);
        const weigh = (keep: (value: number) => boolean) =>
          values.filter(({ value }) => keep(value)).reduce((sum, { weight }) => sum + weight, 0);
        expect(weigh((value) => value === middle)).toBeGreaterThan(0);
        expect(weigh((value) => value < middle)).toBeLessThan(weigh(() => true) / 2);
        expect(weigh((value) => value > middle)).toBeLessThanOrEqual(weigh(() => true) / 2);
      }),
    );
  });

  it('counts each value once where nothing is weighed, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(5);
  });

  it('leaves its input as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
