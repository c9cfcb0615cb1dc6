import { expect, it } from 'vitest';
import { attemptName, untried } from '../../../../functions/core/shard/attempt.ts';

it('begins with nothing tried', () => {
  expect(untried).toEqual({ closedPools: [], vramAboveGib: 0, waits: 0, counts: {} });
});

it.each([
  ['job-1', 'job-1-s2-a3'],
  ['a.b c/d_ü', 'a-b-c-d_--s2-a3'],
  ['j'.repeat(100), `${'j'.repeat(80)}-s2-a3`],
])('names an attempt of %j so that Batch takes it and it can be found again', (jobId, name) => {
  expect(attemptName(jobId, 2, 3)).toBe(name);
  expect(name).toMatch(/^[A-Za-z0-9][\w-]{0,127}$/);
});
