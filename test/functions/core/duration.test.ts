import { expect, it } from 'vitest';
import { duration } from '../../../functions/core/duration.ts';

it.each([
  [0, '0 s'],
  [39.6, '40 s'],
  [89.9, '90 s'],
  [90, '2 min'],
  [420, '7 min'],
  [5399, '90 min'],
  [5400, '1.5 h'],
  [5760, '1.6 h'],
])('says %d seconds as a person would: %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
