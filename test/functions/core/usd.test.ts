import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUsd, roundUsd } from '../../../functions/core/usd.ts';

describe('a price as AWS writes it', () => {
  it.each([
    ['0.526000', 0.526],
    ['0.5260000000', 0.526],
    ['1', 1],
    ['12.5', 12.5],
    ['123456.5', 123456.5],
    ['0.0042', 0.0042],
  ])('reads %j', (text, usd) => {
    expect(readUsd(text)).toBe(usd);
  });

  it.each([
    ...['', ' ', '0', '0.000000', '-1', '+1', '.5', '1.', '1,5', '1e3', '0x10', ' 1', '1 ', '$1', 'free', 'NaN'],
    ...['Infinity', '1234567', '1.2.3', 0.5, null, undefined, {}],
  ])('takes %j for none', (text) => {
    expect(readUsd(text)).toBeUndefined();
  });

  it('gives a finite number above zero or nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const usd = readUsd(text);
        expect(usd === undefined || (usd > 0 && Number.isFinite(usd))).toBe(true);
      }),
    );
  });
});

it.each([
  [0.1 + 0.2, 0.3],
  [0.0000006, 0.000001],
  [0.0000004, 0],
  [-1.23456789, -1.234568],
])('rounds $%d to a millionth: %d', (usd, rounded) => {
  expect(roundUsd(usd)).toBe(rounded);
});
