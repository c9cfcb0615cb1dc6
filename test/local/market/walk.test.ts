import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INSTANCE_TYPES, onDemandUsdPerHour, PUBLISHED_PRICES } from '../../../local/market/published-prices.ts';
import { listPriceChanges } from '../../../local/market/walk.ts';

const DAY = 86_400_000;
const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) }).map((at) => new Date(at));

describe('the synthetic market', () => {
  it('gives the same prices for the same seed, others for another', () => {
    const query = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-23T00:00:00Z') };
    expect(listPriceChanges(1, query)).toEqual(listPriceChanges(1, query));
    expect(listPriceChanges(1, query)).not.toEqual(listPriceChanges(2, query));
  });

  it('names the price in force of every pool, at any moment', () => {
    fc.assert(
      fc.property(fc.nat(), moment, (seed, now) => {
        const changes = listPriceChanges(seed, { from: now, to: now });
        expect(changes).toHaveLength(5 * INSTANCE_TYPES.length);
        expect(changes.every(({ at }) => at <= now)).toBe(true);
      }),
    );
  });

  it('stays between half the published price and on-demand', () => {
    fc.assert(
      fc.property(fc.nat(), moment, (seed, now) => {
        for (const { instanceType, usdPerHour } of listPriceChanges(seed, { from: now, to: now })) {
          const published = PUBLISHED_PRICES.find((row) => row.instanceType === instanceType)?.spotUsdPerHour ?? 0;
          expect(usdPerHour).toBeGreaterThan(published / 2);
          expect(usdPerHour).toBeLessThanOrEqual(onDemandUsdPerHour(instanceType));
        }
      }),
    );
  });

  it('tells the past as it told it when it was the present', () => {
    fc.assert(
      fc.property(fc.nat(), moment, (seed, now) => {
        const then = listPriceChanges(seed, { from: now, to: now });
        const later = listPriceChanges(seed, { from: now, to: new Date(now.getTime() + 3 * DAY) });
        expect(later).toEqual(expect.arrayContaining([...then]));
      }),
      { numRuns: 20 },
    );
  });

  it('is newest first, and ninety days long at most', () => {
    const to = new Date('2026-11-23T00:00:00Z');
    const changes = listPriceChanges(1, { from: new Date(0), to, instanceTypes: ['g6.xlarge'], zones: ['use1-az4'] });
    const times = changes.map(({ at }) => at.getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(to.getTime() - (times.at(-1) ?? 0)).toBeLessThan(91 * DAY);
  });
});
