import { expect, it } from 'vitest';
import { readCause } from '../../../functions/core/cause.ts';

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
