import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInstanceType, instanceTypes } from '../../../functions/core/instance-types.ts';
import { listPools, type Pool, poolId } from '../../../functions/core/pools.ts';
import type { Quote } from '../../../functions/core/quote.ts';
import { type Constraints, rankPools, type SpotPrice } from '../../../functions/core/rank-pools.ts';
import type { Work } from '../../../functions/core/work.ts';
import { aWork } from '../../fakes/builders.ts';

const zones = ['use1-az1', 'use1-az2', 'use1-az4'];
const allPools = listPools(
  zones,
  instanceTypes.map((type) => type.name),
);

interface Case {
  readonly work: Work;
  readonly pools: readonly Pool[];
  readonly prices: readonly SpotPrice[];
  readonly limits: Constraints;
}

const price = fc.record<SpotPrice>({
  azId: fc.constantFrom(...zones),
  instanceType: fc.constantFrom(...instanceTypes.map((type) => type.name)),
  usdPerHour: fc.integer({ min: 1, max: 80_000 }).map((units) => units / 1e4),
});
const cases = fc.record<Case>({
  work: fc
    .record({ images: fc.integer({ min: 1, max: 10_000 }), vramGib: fc.constantFrom(1, 14.6, 20, 50, 90) })
    .map(aWork),
  pools: fc.shuffledSubarray([...allPools]),
  prices: fc.uniqueArray(price, { selector: (row) => `${row.azId} ${row.instanceType}`, maxLength: 18 }),
  limits: fc.record<Constraints>(
    {
      onDemand: fc.constantFrom('never', 'fallback', 'only'),
      maxUsdPerHour: fc.integer({ min: 1, max: 80 }).map((units) => units / 10),
      closedPools: fc.subarray(allPools.map(poolId), { maxLength: 12 }),
      vramAboveGib: fc.constantFrom(0, 14.6, 22, 44),
      instanceType: fc.constantFrom(...instanceTypes.map((type) => type.name)),
    },
    { requiredKeys: ['onDemand'] },
  ),
});

const run = ({ work, pools, prices, limits }: Case) => rankPools(work, pools, prices, limits);
const check = (holds: (given: Case) => void) => fc.assert(fc.property(cases, holds), { numRuns: 300 });

/** The promise in words: a zone before any zone before on demand as a fallback. */
function tierOf({ pool }: Quote, limits: Constraints): string {
  if (pool.market === 'on-demand') return limits.onDemand === 'fallback' ? 'c' : 'a';
  return pool.azId === 'any' ? 'b' : 'a';
}

describe('rankPools, for any work, pools, prices and limits', () => {
  it('quotes or rejects every pool once, with a reason', () => {
    check((given) => {
      const { quotes, rejected } = run(given);
      const seen = [...quotes, ...rejected].map(({ id }) => id);
      expect(seen.toSorted()).toEqual(given.pools.map(poolId).toSorted());
      for (const { reason } of rejected) expect(reason).toMatch(/\S/);
    });
  });

  it('quotes only what keeps every limit', () => {
    check((given) => {
      const { limits } = given;
      for (const { id, pool, usdPerHour } of run(given).quotes) {
        expect(limits.closedPools ?? []).not.toContain(id);
        expect(usdPerHour).toBeLessThanOrEqual(limits.maxUsdPerHour ?? Number.POSITIVE_INFINITY);
        const vramGib = findInstanceType(pool.instanceType)?.vramGib ?? 0;
        expect(vramGib).toBeGreaterThanOrEqual(given.work.vramGib);
        expect(vramGib).toBeGreaterThan(limits.vramAboveGib ?? 0);
        if (limits.instanceType) expect(pool.instanceType).toBe(limits.instanceType);
        if (limits.onDemand === 'never') expect(pool.market).toBe('spot');
        if (limits.onDemand === 'only') expect(pool.market).toBe('on-demand');
      }
    });
  });

  it('puts first what is never dearer per image than another of its tier', () => {
    check((given) => {
      const keys = run(given).quotes.map((quote) => [tierOf(quote, given.limits), quote.usdPerImage] as const);
      for (const [index, [tier, usd]] of keys.entries()) {
        const [before, usdBefore] = keys[index - 1] ?? ['', 0];
        expect(before <= tier).toBe(true);
        if (before === tier) expect(usdBefore).toBeLessThanOrEqual(usd);
      }
    });
  });

  it('does not depend on the order of pools and prices', () => {
    check((given) => {
      const turned = { ...given, pools: given.pools.toReversed(), prices: given.prices.toReversed() };
      expect(run(turned)).toEqual(run(given));
    });
  });

  it('never ranks a zone better for a higher price', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.double({ min: 1, max: 3, noNaN: true }), (given, which, factor) => {
        const raised = given.prices[which % Math.max(1, given.prices.length)];
        if (!raised) return;
        const dearer = given.prices.map((row) =>
          row === raised ? { ...row, usdPerHour: row.usdPerHour * factor } : row,
        );
        const id = poolId({ ...raised, market: 'spot' });
        const rankIn = (prices: readonly SpotPrice[]) => {
          const index = run({ ...given, prices }).quotes.findIndex((quote) => quote.id === id);
          return index < 0 ? Number.POSITIVE_INFINITY : index;
        };
        const others = (prices: readonly SpotPrice[]) =>
          run({ ...given, prices }).quotes.filter((quote) => tierOf(quote, given.limits) === 'a').length;
        // Pools of its own tier keep their prices: it can only fall behind them.
        if (others(dearer) === others(given.prices)) {
          expect(rankIn(dearer)).toBeGreaterThanOrEqual(rankIn(given.prices));
        } else expect(rankIn(dearer)).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });
});
