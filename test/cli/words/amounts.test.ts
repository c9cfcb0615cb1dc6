import { describe, expect, it } from 'vitest';
import { money, size } from '../../../cli/words/amounts.ts';

describe('amounts for people', () => {
  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1024, '1.00 KiB'],
    [2_266_677_248, '2.11 GiB'],
    [999.4 * 2 ** 30, '999 GiB'],
    [1010 * 2 ** 30, '1010 GiB'],
    [2 ** 40, '1.00 TiB'],
    [5000 * 2 ** 40, '5000 TiB'],
  ])('tell %d bytes as %s', (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });

  it.each([
    [0, '$0.00'],
    [2.27e-8, '<$0.000001'],
    [0.000001, '$0.00000100'],
    [0.0123, '$0.0123'],
    [2, '$2.00'],
  ])('tell %d dollars as %s', (usd, text) => {
    expect(money(usd)).toBe(text);
  });
});
