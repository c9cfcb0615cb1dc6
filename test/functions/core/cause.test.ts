import { describe, expect, it } from 'vitest';
import { readCause, toLine } from '../../../functions/core/cause.ts';

it('takes the sentence out of what Lambda wraps', () => {
  expect(readCause('{"errorType":"InvalidJob","errorMessage":"wrong","trace":["a"]}')).toBe('wrong');
  expect(readCause('{"errorMessage":""}')).toBe('');
});

it.each(['plain words', '', '{broken', '{"error":"x"}', '{"errorMessage":3}', 'null', '3', '"text"', '[]'])(
  'leaves %j as it is',
  (cause) => {
    expect(readCause(cause)).toBe(cause);
  },
);

describe('toLine', () => {
  it('makes one line of words of others: no breaks, no control characters, no marks of direction', () => {
    expect(toLine('  a\r\nERROR\u2028 b\u0085c\t d  ', 99)).toBe('a ERROR b c d');
    expect(toLine('\u001b[31mred\u001b[0m\u0000\u0007\u009b2J', 99)).toBe('[31mred [0m 2J');
    expect(toLine('safe\u202egnp.exe\u2066x\u200f\ufeff', 99)).toBe('safe gnp.exe x');
  });

  it('keeps letters of every script, and cuts no character in half', () => {
    expect(toLine('größer 猫 🦊 دائرة', 99)).toBe('größer 猫 🦊 دائرة');
    expect(toLine(`${'x'.repeat(9)}🦊`, 10)).toBe(`${'x'.repeat(9)}\ufffd`);
    expect(toLine('\ud83d', 10)).toBe('\ufffd');
    expect(toLine('x'.repeat(20), 10)).toHaveLength(10);
  });
});
