import { describe, expect, it } from 'vitest';
import type { ClosedPool } from '../../../../functions/core/market/closed-pool.ts';
import type { Outlook, SpotPrice } from '../../../../functions/core/market/outlook.ts';
import { listPools, type Pool, poolId } from '../../../../functions/core/market/pools.ts';
import { type Constraints, closedReason, isSoft, rankPools } from '../../../../functions/core/pick/rank-pools.ts';
import { aBigRecipe, aPrice, aWork, outlookOf } from '../../../fakes/builders.ts';

const pool = (over: Partial<Pool> = {}): Pool => ({
  azId: 'use1-az1',
  instanceType: 'g6.xlarge',
  market: 'spot',
  ...over,
});
const zone1 = pool();
const zone2 = pool({ azId: 'use1-az2' });
const anyZone = pool({ azId: 'any' });
const onDemand = pool({ azId: 'any', market: 'on-demand' });
const four = [onDemand, anyZone, zone2, zone1];
const prices: readonly SpotPrice[] = [aPrice({ usdPerHour: 0.3 }), aPrice({ azId: 'use1-az2', usdPerHour: 0.25 })];

const rank = (
  pools: readonly Pool[],
  limits: Partial<Constraints> = {},
  work = aWork(),
  known = prices,
  closedForAll: readonly ClosedPool[] = [],
) => rankPools(work, pools, outlookOf({ spotPrices: known, closedForAll }), { onDemand: 'never', ...limits });
const ids = (...given: Parameters<typeof rank>) => rank(...given).quotes.map((quote) => quote.id);
const reasons = (...given: Parameters<typeof rank>) =>
  Object.fromEntries(rank(...given).rejected.map(({ id, reason }) => [id, reason]));

describe('the order of pools', () => {
  it('is the cheapest zone, the other zone, then any zone', () => {
    expect(ids(four)).toEqual([poolId(zone2), poolId(zone1), poolId(anyZone)]);
  });

  it('puts on demand last as a fallback, even where it is cheaper', () => {
    const dear = prices.map((price) => ({ ...price, usdPerHour: 5 }));
    expect(ids(four, { onDemand: 'fallback' }, aWork(), dear).at(-1)).toBe(poolId(onDemand));
  });

  it('takes on demand alone where only that is allowed', () => {
    const other = pool({ azId: 'any', market: 'on-demand', instanceType: 'g4dn.xlarge' });
    // 0.526 USD per hour for 6.9 steps/s against 0.8048 for 14.
    expect(ids([...four, other], { onDemand: 'only' }, aWork({ images: 5000 }))).toEqual([
      poolId(onDemand),
      poolId(other),
    ]);
  });

  describe('of two that cost the same', () => {
    const same = outlookOf({ spotPrices: prices.map((price) => ({ ...price, usdPerHour: 0.3 })) });
    const order = (over: Partial<Outlook>, pools = [zone2, zone1]) =>
      rankPools(aWork(), pools, { ...same, ...over }, { onDemand: 'never' }).quotes.map(({ pool: { azId } }) => azId);

    it('is that by name', () => {
      expect(order({})).toEqual(['use1-az1', 'use1-az2']);
      expect(order({}, [zone1, zone2])).toEqual(['use1-az1', 'use1-az2']);
    });

    it('is first that of the fewest losses', () => {
      // The first hour of a lost instance is free: both cost the same.
      const records = [{ pool: poolId(zone1), hours: 1, losses: 1, refusals: 0, successes: 0 }];
      expect(order({ records })).toEqual(['use1-az2', 'use1-az1']);
    });

    it('is by placement score where there are three types', () => {
      const scores = [
        { azId: 'use1-az1', score: 2 },
        { azId: 'use1-az2', score: 8 },
      ];
      expect(order({ scores })).toEqual(['use1-az1', 'use1-az2']);
      const types = ['g6.xlarge', 'g5.xlarge', 'g6e.xlarge'];
      const spotPrices = ['use1-az1', 'use1-az2'].flatMap((azId) =>
        types.map((instanceType) => aPrice({ azId, instanceType, usdPerHour: instanceType === 'g6.xlarge' ? 0.3 : 3 })),
      );
      const pools = listPools(['use1-az1', 'use1-az2'], types);
      const ranked = rankPools(aWork(), pools, outlookOf({ spotPrices, scores }), { onDemand: 'never' });
      expect(ranked.quotes.slice(0, 2).map(({ id }) => id)).toEqual([poolId(zone2), poolId(zone1)]);
    });
  });

  it('takes the dearest zone for the price of any zone', () => {
    const quotes = rank([anyZone], {}, aWork(), [
      ...prices,
      aPrice({ instanceType: 'g5.xlarge', usdPerHour: 9 }),
    ]).quotes;
    expect(quotes[0]?.usdPerHour).toBe(0.3);
  });

  it('takes the price of the zone and type, and the list price on demand', () => {
    const known = [aPrice({ instanceType: 'g5.xlarge', usdPerHour: 9 }), ...prices];
    expect(rank([zone2], {}, aWork(), known).quotes[0]?.usdPerHour).toBe(0.25);
    expect(rank([onDemand], { onDemand: 'only' }, aWork(), known).quotes[0]?.usdPerHour).toBe(0.8048);
  });
});

describe('the amount of work', () => {
  /**
   * USD an hour with volume and address: 0.216 for 6.9 steps/s (T4), 0.716 for 40 steps/s (L40S). Both are billed for
   * 210 s of boot, 16.81 s of loading and 300 s idle = 526.81 s before the first image of 25 steps. So n images cost
   *   0.216 x (526.81 + 3.6232 n) against 0.716 x (526.81 + 0.6250 n), equal at n = 263.405 / 0.335109 = 786.03.
   */
  const small = pool({ instanceType: 'g4dn.xlarge', azId: 'any', market: 'on-demand' });
  const large = pool({ instanceType: 'g6e.xlarge', azId: 'any', market: 'on-demand' });
  const table = outlookOf({
    onDemandPrices: [
      { instanceType: 'g4dn.xlarge', usdPerHour: 0.2 },
      { instanceType: 'g6e.xlarge', usdPerHour: 0.7 },
    ],
  });

  it.each([
    [1, 'g4dn.xlarge', 0.031841, 0.104916],
    [100, 'g4dn.xlarge', 0.054848, 0.118707],
    [786, 'g4dn.xlarge', 0.214268, 0.214271],
    [787, 'g6e.xlarge', 0.21441, 0.214501],
    [5000, 'g6e.xlarge', 0.801305, 1.193565],
  ])('decides: %i images are cheapest on %s', (images, winner, usd, next) => {
    const { quotes } = rankPools(aWork({ images }), [large, small], table, { onDemand: 'only' });
    expect(quotes[0]?.pool.instanceType).toBe(winner);
    expect(quotes.map((quote) => quote.usd)).toEqual([expect.closeTo(usd, 6), expect.closeTo(next, 6)]);
  });

  it('decides on Spot as well: boot for one image, speed for five thousand', () => {
    const known = [
      aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.2 }),
      aPrice({ instanceType: 'g6e.xlarge', usdPerHour: 0.7 }),
    ];
    const both = [pool({ instanceType: 'g6e.xlarge' }), pool({ instanceType: 'g4dn.xlarge' })];
    expect(ids(both, {}, aWork({ images: 1 }), known)[0]).toBe('use1-az1/g4dn.xlarge/spot');
    expect(ids(both, {}, aWork({ images: 5000 }), known)[0]).toBe('use1-az1/g6e.xlarge/spot');
  });
});

describe('the reasons of a rejection', () => {
  it('names the market that `onDemand` rules out', () => {
    expect(reasons(four)).toEqual({ [poolId(onDemand)]: '`onDemand` is `never`' });
    expect(reasons([zone1, anyZone], { onDemand: 'only' })).toEqual({
      [poolId(zone1)]: '`onDemand` is `only`',
      [poolId(anyZone)]: '`onDemand` is `only`',
    });
    expect(reasons(four, { onDemand: 'fallback' })).toEqual({});
  });

  it('holds the price against `maxUsdPerHour`, equal is allowed', () => {
    expect(ids([zone1, zone2], { maxUsdPerHour: 0.25 })).toEqual([poolId(zone2)]);
    expect(reasons([zone1, zone2], { maxUsdPerHour: 0.25 })).toEqual({
      [poolId(zone1)]: 'costs $0.3000/h, `maxUsdPerHour` is $0.2500',
    });
  });

  it('limits the price of on demand as well', () => {
    expect(ids([onDemand], { onDemand: 'only', maxUsdPerHour: 0.8 })).toEqual([]);
  });

  it('needs the memory of the work, exactly is enough', () => {
    expect(ids([zone1], {}, aWork({ vramGib: 22 }))).toHaveLength(1);
    expect(reasons([zone1], {}, aWork({ vramGib: 22.1 }))).toEqual({
      [poolId(zone1)]: 'needs 22.1 GiB of GPU memory, has 22',
    });
  });

  it('needs more memory than the GPU that ran out of it', () => {
    expect(ids([zone1], { vramAboveGib: 14.6 })).toHaveLength(1);
    expect(reasons([zone1], { vramAboveGib: 22 })).toEqual({
      [poolId(zone1)]: 'needs 22.1 GiB of GPU memory, has 22',
    });
    expect(ids([zone1], { vramAboveGib: 0 })).toHaveLength(1);
  });

  it('keeps a job with `sameGpu` on its type', () => {
    const other = pool({ instanceType: 'g5.xlarge' });
    const known = [...prices, aPrice({ instanceType: 'g5.xlarge' })];
    expect(ids([zone1, other], { instanceType: 'g5.xlarge' }, aWork(), known)).toEqual([poolId(other)]);
    expect(reasons([zone1], { instanceType: 'g5.xlarge' })).toEqual({
      [poolId(zone1)]: '`sameGpu` keeps this job on g5.xlarge',
    });
  });

  it('says where a type is not offered: no price is not a price of 0', () => {
    const third = pool({ azId: 'use1-az3' });
    const unknown = 'no Spot price: not offered in this zone';
    expect(reasons([third, zone1])).toEqual({ [poolId(third)]: unknown });
    expect(reasons([anyZone], {}, aWork(), [])).toEqual({ [poolId(anyZone)]: unknown });
  });

  it('closes a pool that was lost, and only that', () => {
    expect(ids([zone1, zone2], { closedPools: [poolId(zone2)] })).toEqual([poolId(zone1)]);
    expect(reasons([zone1, zone2], { closedPools: [poolId(zone2)] })).toEqual({ [poolId(zone2)]: closedReason });
  });

  it('leaves out a pool that is closed for all jobs, with the time', () => {
    const closedForAll = [{ pool: poolId(zone2), until: '2026-11-23T22:10:59.000Z' }];
    expect(ids([zone1, zone2], {}, aWork(), prices, closedForAll)).toEqual([poolId(zone1)]);
    expect(reasons([zone1, zone2], {}, aWork(), prices, closedForAll)).toEqual({
      [poolId(zone2)]: 'closed for all jobs until 22:10 UTC: no capacity',
    });
  });

  it('says so for a type or a model that nobody knows', () => {
    const strange = pool({ instanceType: 'z9.xlarge' });
    expect(reasons([strange])).toEqual({ [poolId(strange)]: 'an instance type that is not in the table' });
    const work = aWork({ model: 'new', typical: aBigRecipe({ model: 'new' }) });
    expect(reasons([zone1], {}, work)).toEqual({ [poolId(zone1)]: 'no throughput known for new on L4' });
  });

  it('names the quota that allows none, and the one that is full, with its numbers', () => {
    const code = 'L-3819A6DF';
    const of = (have: number, used: number) => {
      const quotas = [{ code, name: 'All G and VT Spot Instance Requests', have, used }];
      return rankPools(aWork(), [zone1], outlookOf({ spotPrices: prices, quotas }), { onDemand: 'never' });
    };
    expect(of(4, 0).quotes).toHaveLength(1);
    expect(of(3, 0).rejected).toEqual([
      {
        id: poolId(zone1),
        kind: 'quota-zero',
        reason: `quota ${code} (All G and VT Spot Instance Requests): have 3 vCPUs, 0 used, need 4`,
        quota: expect.objectContaining({ code, have: 3, need: 4 }),
      },
    ]);
    expect(of(8, 5).rejected).toMatchObject([{ kind: 'quota-full', quota: { have: 8, used: 5, need: 4 } }]);
    expect(of(8, 5).rejected[0]?.reason).toContain('have 8 vCPUs, 5 used, need 4');
  });

  it('tells what waiting changes from what it does not', () => {
    const kinds = ['limit', 'memory', 'unknown', 'price', 'closed', 'quota-zero', 'quota-full'] as const;
    expect(kinds.filter((kind) => isSoft({ kind, reason: '' }))).toEqual(['closed', 'quota-full']);
  });

  it('has a kind for programs', () => {
    const kind = (limits: Partial<Constraints>, work = aWork(), closed: readonly ClosedPool[] = []) =>
      rank([zone1], limits, work, prices, closed).rejected[0]?.kind;
    expect(kind({}, aWork({ vramGib: 99 }))).toBe('memory');
    expect(kind({ closedPools: [poolId(zone1)] })).toBe('closed');
    expect(kind({}, aWork(), [{ pool: poolId(zone1), until: '2026-11-23T22:10:59.000Z' }])).toBe('closed');
    expect(kind({ maxUsdPerHour: 0.1 })).toBe('limit');
  });

  it('says of a pool that is closed and too dear that it is too dear: waiting does not help', () => {
    const rejected = rank([zone1], { closedPools: [poolId(zone1)], maxUsdPerHour: 0.1 }).rejected;
    expect(rejected).toMatchObject([{ kind: 'limit' }]);
  });

  it('lists pools without a price last, and drops none', () => {
    const third = pool({ azId: 'use1-az0' });
    expect(rank([third, onDemand, zone1], { closedPools: [poolId(zone1)] }).rejected.map(({ id }) => id)).toEqual([
      poolId(onDemand),
      poolId(zone1),
      poolId(third),
    ]);
  });

  it('rejects every pool where no type is known', () => {
    const { quotes, rejected } = rankPools(aWork(), four, outlookOf({ spotPrices: prices, types: [] }), {
      onDemand: 'fallback',
    });
    expect(quotes).toEqual([]);
    expect(rejected.map(({ reason }) => reason)).toEqual(four.map(() => 'an instance type that is not in the table'));
  });

  it('lists the rejected by name', () => {
    expect(rank([zone2, onDemand, zone1], {}, aWork({ vramGib: 99 })).rejected.map(({ id }) => id)).toEqual([
      poolId(onDemand),
      poolId(zone1),
      poolId(zone2),
    ]);
  });
});
