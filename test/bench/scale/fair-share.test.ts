import { expect, it } from 'vitest';
import { isFair } from '../../../bench/scale/fair-figures.ts';
import { measureFairShare } from '../../../bench/scale/fair-share.ts';

it('gives a small job the next slot that a night batch gives up', { timeout: 120_000 }, async () => {
  const figures = await measureFairShare({ batchImages: 1200, attemptMs: 1500 });
  expect(figures.batchShards).toBeGreaterThanOrEqual(4);
  // Two instances: both may be given up before the small job looks again. One is kept for it, the other is free for all.
  expect(figures.endedWhileInLine).toBeLessThanOrEqual(2);
  expect(figures).toSatisfy(isFair);
  expect(figures.batchAttemptsAfterSlot).toBeGreaterThan(0);
  expect(figures.smallSeconds).toBeLessThan(figures.batchSeconds);
});
