import { expect, it } from 'vitest';
import { measureFairShare } from '../../../bench/scale/fair-share.ts';

it('gives a small job the next slot that a night batch gives up', { timeout: 120_000 }, async () => {
  const figures = await measureFairShare({ batchImages: 1200, attemptMs: 1500 });
  expect(figures.batchShards).toBeGreaterThanOrEqual(4);
  expect(figures.batchSlotsMeanwhile).toBe(0);
  // Two instances: both may give up theirs before the small job looks again.
  expect(figures.endedWhileInLine).toBeLessThanOrEqual(2);
  expect(figures.batchAttemptsAfterSlot).toBeGreaterThan(0);
  expect(figures.smallSeconds).toBeLessThan(figures.batchSeconds);
});
