import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion, apportionUsd, toCents, toMillionths } from '../../../../functions/core/receipt/apportion.ts';

const amounts = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 50 });
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('apportion', () => {
  it.each([
    [[1, 1, 1], 100, [34, 33, 33]],
    [[1, 2, 3], 6, [1, 2, 3]],
    [[0.5, 0.3, 0.2], 7, [4, 2, 1]],
    [[0, 1], 5, [0, 5]],
    [[1, 1], 0, [0, 0]],
    [[0, 0], 5, [0, 0]],
    [[], 5, []],
  ])(
    'shares %j out of %i as %j: what is left goes to the largest remainders, the first first',
    (given, total, shares) => {
      expect(apportion(given, total)).toEqual(shares);
    },
  );

  it('gives away the total, in whole units, to whoever has a part of it', () => {
    fc.assert(
      fc.property(amounts, fc.nat(10_000_000), (given, total) => {
        fc.pre(sum(given) > 1e-6);
        const shares = apportion(given, total);
        expect(sum(shares)).toBe(total);
        shares.forEach((units, index) => {
          expect(Number.isInteger(units)).toBe(true);
          expect(Math.abs(units - ((given[index] ?? 0) / sum(given)) * total)).toBeLessThan(1.000001);
        });
      }),
    );
  });
});

describe('apportionUsd', () => {
  it('adds up to the whole to a millionth of a dollar', () => {
    fc.assert(
      fc.property(amounts, (given) => {
        fc.pre(sum(given) > 1e-6);
        const usd = sum(given);
        const shares = apportionUsd(given, usd);
        expect(sum(shares.map(toMillionths))).toBe(toMillionths(usd));
      }),
    );
  });
});

it.each([
  [0.25, 25],
  [0.0012345, 0.1235],
  [0.000_000_4, 0],
])('writes $%d as %d cents, to a ten-thousandth', (usd, cents) => {
  expect(toCents(usd)).toBe(cents);
});
