import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetLeft, limitMicros, mostCommitted, spentMicros } from '../../../../functions/core/settle/budget.ts';

describe('micro-dollars', () => {
  it.each([
    [0, 0, 0],
    [1, 1_000_000, 1_000_000],
    [0.0000011, 2, 1],
    [0.0000019, 2, 1],
    // floats print badly: 4.03 x 1e6 is 4030000.0000000005, 0.57 x 1e6 is 569999.9999999999
    [4.03, 4_030_000, 4_030_000],
    [0.57, 570_000, 570_000],
    [0.03128, 31_280, 31_280],
  ])('of $%f are %i where they are spent, %i where they may be', (usd, spent, limit) => {
    expect(spentMicros(usd)).toBe(spent);
    expect(limitMicros(usd)).toBe(limit);
  });
});

describe('the most that may be committed before an attempt', () => {
  it('is anything without a limit', () => {
    expect(mostCommitted(1000)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    // 1 - worst case, where that is less than 90 %
    [0.6, 1, 400_000],
    [1, 1, 0],
    // below 90 %
    [0.1, 1, 899_999],
    [0.05, 1, 899_999],
    [0, 1, 899_999],
    // 90 % of 5 micro-dollars are 4.5: 4 are still below
    [0, 0.000005, 4],
  ])('for a worst case of $%f of $%f is %i micro-dollars', (worst, max, most) => {
    expect(mostCommitted(worst, max)).toBe(most);
  });

  it('is below zero where the attempt never fits', () => {
    expect(mostCommitted(1.000001, 1)).toBe(-1);
    expect(mostCommitted(0, 0)).toBeLessThan(0);
  });

  it('keeps both rules: nothing starts at 90 %, and worst cases fit', () => {
    const micros = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(micros, micros, micros, (committed, worst, max) => {
        const starts = committed <= mostCommitted(worst / 1e6, max / 1e6);
        // in whole numbers: 10 x committed < 9 x max, and committed + worst <= max
        expect(starts).toBe(10 * committed < 9 * max && committed + worst <= max);
      }),
    );
  });
});

describe('what is left for an attempt', () => {
  it('is no number without a limit', () => {
    expect(budgetLeft(5_000_000)).toBeUndefined();
  });

  it.each([
    [0, 1, 1],
    [250_000, 1, 0.75],
    [899_999, 1, 0.100001],
    [900_000, 1, 0],
    [1_200_000, 1, 0],
    [0, 0, 0],
  ])('after %i micro-dollars of $%f is $%f', (committed, max, left) => {
    expect(budgetLeft(committed, max)).toBe(left);
  });

  it('is the most that can be reserved', () => {
    const micros = fc.integer({ min: 1, max: 1e9 });
    fc.assert(
      fc.property(micros, micros, (committed, max) => {
        const left = budgetLeft(committed, max / 1e6) ?? 0;
        fc.pre(left > 0);
        expect(committed).toBeLessThanOrEqual(mostCommitted(left, max / 1e6));
        expect(committed).toBeGreaterThan(mostCommitted(left + 2e-6, max / 1e6));
      }),
    );
  });
});
