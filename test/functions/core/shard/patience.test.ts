import { describe, expect, it } from 'vitest';
import { eventsOf, mostRefusals, mostWaits } from '../../../../functions/core/shard/patience.ts';

describe('patience', () => {
  it.each([
    [1, 150, 64],
    [3, 120, 64],
    [10, 36, 28],
    [30, 12, 9],
    [40, 10, 8],
  ])('of %i shards at once is with %i refusals and %i waits each', (atOnce, refusals, waits) => {
    expect(mostRefusals(atOnce)).toBe(refusals);
    expect(mostWaits(atOnce)).toBe(waits);
  });

  it('of up to thirty shards leaves 10,000 of the 25,000 events of an execution', () => {
    for (let atOnce = 1; atOnce <= 30; atOnce += 1) {
      const spent = atOnce * (mostRefusals(atOnce) * eventsOf.refusal + mostWaits(atOnce) * eventsOf.wait);
      expect(spent).toBeLessThanOrEqual(15_000);
    }
  });
});
