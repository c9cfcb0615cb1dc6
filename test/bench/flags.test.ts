import { describe, expect, it } from 'vitest';
import { readFlags } from '../../bench/flags.ts';

describe('flags of a bench', () => {
  it('have values or are on', () => {
    const flags = readFlags(['--images', '20', '--fair'], ['images', 'seed'], ['fair', 'plan']);
    expect([flags.number('images', 1), flags.number('seed', 3), flags.text('seed')]).toEqual([20, 3, undefined]);
    expect([flags.isOn('fair'), flags.isOn('plan')]).toEqual([true, false]);
  });

  it('are numbers above 0, unless less is allowed', () => {
    const flags = readFlags(['--others', '0'], ['others']);
    expect(flags.number('others', 5, 0)).toBe(0);
    expect(() => flags.number('others', 5)).toThrow('`--others` to be a number above 0, got `0`');
    expect(() => readFlags(['--others=-1'], ['others']).number('others', 5, 0)).toThrow('of 0 or more, got `-1`');
  });

  it('are refused where nobody reads them', () => {
    expect(() => readFlags(['--image', '3'], ['images'])).toThrow('--image');
  });

  it('say which path is missing', () => {
    expect(() => readFlags([], ['prices']).needed('prices')).toThrow('`--prices`, got nothing');
  });
});
