import { describe, expect, it } from 'vitest';
import { type Pool, poolId } from '../../../functions/core/pools.ts';
import { type Constraints, closedReason, rankPools, type SpotPrice } from '../../../functions/core/rank-pools.ts';
import { aBigRecipe, aPrice, aWork } from '../../fakes/builders.ts';

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

const rank = (pools: readonly Pool[], limits: Partial<Constraints> = {}, work = aWork(), known = prices) =>
  rankPools(work, pools, known, { onDemand: 'never', ...limits });
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

  it('breaks ties by name', () => {
    const same = prices.map((price) => ({ ...price, usdPerHour: 0.3 }));
    expect(ids([zone2, zone1], {}, aWork(), same)).toEqual([poolId(zone1), poolId(zone2)]);
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
    expect(ids([zone1, zone2], { closedForAll })).toEqual([poolId(zone1)]);
    expect(reasons([zone1, zone2], { closedForAll })).toEqual({
      [poolId(zone2)]: 'closed for all jobs until 22:10 UTC: no capacity',
    });
  });

  it('says so for a type or a model that nobody knows', () => {
    const strange = pool({ instanceType: 'z9.xlarge' });
    expect(reasons([strange])).toEqual({ [poolId(strange)]: 'an instance type that is not in the table' });
    const work = aWork({ model: 'new', typical: aBigRecipe({ model: 'new' }) });
    expect(reasons([zone1], {}, work)).toEqual({ [poolId(zone1)]: 'no throughput known for new on L4' });
  });

  it('lists the rejected by name', () => {
    expect(rank([zone2, onDemand, zone1], {}, aWork({ vramGib: 99 })).rejected.map(({ id }) => id)).toEqual([
      poolId(onDemand),
      poolId(zone1),
      poolId(zone2),
    ]);
  });
});
