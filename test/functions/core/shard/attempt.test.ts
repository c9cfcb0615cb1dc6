import { expect, it } from 'vitest';
import { attemptName, untried } from '../../../../functions/core/shard/attempt.ts';

it('begins with nothing tried', () => {
  expect(untried).toEqual({ closedPools: [], vramAboveGib: 0, waits: 0, counts: {} });
});

it.each([
  ['job-1', 'job-1-s2-a3'],
  ['20261123-221530-3f9a', '20261123-221530-3f9a-s2-a3'],
  ['a.b c/d_ü', 'a-b-c-d_--3214b5da-s2-a3'],
  ['Night', 'Night-4e9f8db8-s2-a3'],
  ['j'.repeat(80), `${'j'.repeat(80)}-s2-a3`],
  ['j'.repeat(100), `${'j'.repeat(80)}-0544641a-s2-a3`],
])('names an attempt of %j so that Batch takes it and it can be found again', (jobId, name) => {
  expect(attemptName(jobId, 2, 3)).toBe(name);
  expect(name).toMatch(/^[A-Za-z0-9][\w-]{0,127}$/);
});

it.each([
  ['night.1', 'night-1'],
  ['Night', 'night'],
  ['東京', '大阪'],
])('never gives the jobs %j and %j one name in the eyes of Batch', (one, other) => {
  const [first, second] = [one, other].map((jobId) => attemptName(jobId, 0, 1).toLowerCase());
  expect(first).not.toBe(second);
});
