import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LearnedSpeed, PoolRecord } from '../../../../functions/core/learn/learned.ts';
import { findInstanceType, instanceTypes } from '../../../../functions/core/market/instance-types.ts';
import type { Outlook, PlacementScore, SpotPrice } from '../../../../functions/core/market/outlook.ts';
import { listPools, type Pool, poolId } from '../../../../functions/core/market/pools.ts';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import { type Constraints, rankPools } from '../../../../functions/core/pick/rank-pools.ts';
import type { Work } from '../../../../functions/core/pick/work.ts';
import { aWork, outlookOf } from '../../../fakes/builders.ts';

const zones = ['use1-az1', 'use1-az2', 'use1-az4'];
const typeNames = instanceTypes.map((type) => type.name);
const allPools = listPools(zones, typeNames);

interface Case {
  readonly work: Work;
  readonly pools: readonly Pool[];
  readonly prices: readonly SpotPrice[];
  readonly records: readonly PoolRecord[];
  readonly speeds: readonly LearnedSpeed[];
  readonly scores: readonly PlacementScore[];
  readonly idle: Outlook['idle'];
  readonly limits: Constraints;
}

const instanceType = fc.constantFrom(...typeNames);
const price = fc.record<SpotPrice>({
  azId: fc.constantFrom(...zones),
  instanceType,
  usdPerHour: fc.integer({ min: 1, max: 80_000 }).map((units) => units / 1e4),
});
const count = fc.oneof({ weight: 9, arbitrary: fc.nat(20) }, fc.constantFrom(Number.NaN, -2));
const seconds = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: 1, max: 900, noNaN: true }) },
  fc.constant(Number.NaN),
);
const record = fc.record<PoolRecord>({
  pool: fc.constantFrom(...allPools.map(poolId)),
  hours: count,
  losses: count,
  refusals: count,
  successes: count,
  bootSeconds: seconds,
});
const speed = fc.record<LearnedSpeed>({
  model: fc.constantFrom('sd-1.5', 'sdxl'),
  size: fc.constantFrom('512x512', '1024x1024', 'junk'),
  instanceType,
  secondsPerStep: fc.oneof(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.constantFrom(Number.NaN, 0)),
  loadSeconds: seconds,
  weight: count,
});
const limits = fc.record<Constraints>(
  {
    onDemand: fc.constantFrom('never', 'fallback', 'only'),
    maxUsdPerHour: fc.integer({ min: 1, max: 80 }).map((units) => units / 10),
    closedPools: fc.subarray(allPools.map(poolId), { maxLength: 12 }),
    vramAboveGib: fc.constantFrom(0, 14.6, 22, 44),
    instanceType,
  },
  { requiredKeys: ['onDemand'] },
);
const score = fc.record({ azId: fc.constantFrom(...zones), score: fc.integer({ min: 1, max: 10 }) });
const cases = fc.record<Case>({
  work: fc
    .record({ images: fc.integer({ min: 1, max: 10_000 }), vramGib: fc.constantFrom(1, 14.6, 20, 50, 90) })
    .map(aWork),
  pools: fc.shuffledSubarray([...allPools]),
  prices: fc.uniqueArray(price, { selector: (row) => `${row.azId} ${row.instanceType}`, maxLength: 18 }),
  records: fc.uniqueArray(record, { selector: (row) => row.pool, maxLength: 12 }),
  speeds: fc.uniqueArray(speed, { selector: (row) => `${row.model} ${row.size} ${row.instanceType}`, maxLength: 9 }),
  idle: fc.array(fc.record({ pool: fc.constantFrom(...allPools.map(poolId)), secondsLeft: fc.nat(400) }), {
    maxLength: 6,
  }),
  scores: fc.oneof(fc.constant([]), fc.uniqueArray(score, { selector: (row) => row.azId })),
  limits,
});

function run({ work, pools, prices, limits, ...known }: Case, over: Partial<Outlook> = {}) {
  return rankPools(work, pools, outlookOf({ spotPrices: prices, ...known, ...over }), limits);
}
const check = (holds: (given: Case) => void) => fc.assert(fc.property(cases, holds), { numRuns: 300 });

/** The promise in words: a zone before any zone before on demand as a fallback. */
function tierOf({ pool }: Quote, limits: Constraints): string {
  if (pool.market === 'on-demand') return limits.onDemand === 'fallback' ? 'c' : 'a';
  return pool.azId === 'any' ? 'b' : 'a';
}

describe('rankPools, for any work, pools, prices, ledger and limits', () => {
  it('quotes or rejects every pool once, with a reason', () => {
    check((given) => {
      const { quotes, rejected } = run(given);
      const seen = [...quotes, ...rejected].map(({ id }) => id);
      expect(seen.toSorted()).toEqual(given.pools.map(poolId).toSorted());
      for (const { reason } of rejected) expect(reason).toMatch(/\S/);
    });
  });

  it('quotes in finite numbers above 0', () => {
    check((given) => {
      for (const { usd, usdPerImage, expectedSeconds, refusalChance } of run(given).quotes) {
        expect(usd > 0 && Number.isFinite(usd)).toBe(true);
        expect(usdPerImage).toBeCloseTo(usd / given.work.images, 12);
        expect(expectedSeconds > 0 && Number.isFinite(expectedSeconds)).toBe(true);
        expect(refusalChance >= 0 && refusalChance < 1).toBe(true);
      }
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

  it('puts a zone before any zone before the fallback, and first what is never dearer than another of its tier', () => {
    check((given) => {
      const { quotes } = run(given);
      const tiers = quotes.map((quote) => tierOf(quote, given.limits));
      expect(tiers).toEqual(tiers.toSorted());
      // Scores may put forward what is 3 % dearer at most.
      const slack = given.scores.length ? 1.03 + 1e-12 : 1;
      for (const [index, { usdPerImage }] of quotes.entries()) {
        const later = quotes.slice(index).filter((_, place) => tiers[index + place] === tiers[index]);
        expect(usdPerImage).toBeLessThanOrEqual(slack * Math.min(...later.map((quote) => quote.usdPerImage)));
      }
    });
  });

  it('does not depend on the order of pools, prices, records, speeds and scores', () => {
    check((given) => {
      const { pools, prices, records, speeds, scores, idle } = given;
      const turned = run({
        ...given,
        pools: pools.toReversed(),
        prices: prices.toReversed(),
        records: records.toReversed(),
        scores: scores.toReversed(),
        idle: idle.toReversed(),
      });
      expect(turned).toEqual(run(given));
      // A sum of floating numbers differs in its last digit.
      const rows = (of: Case) => run(of).quotes.map(({ id, usd }) => ({ id, usd: Number(usd.toPrecision(9)) }));
      expect(rows({ ...given, speeds: speeds.toReversed() })).toEqual(rows(given));
    });
  });

  it('never comes back to a pool that this shard has lost, until none is left', () => {
    check((given) => {
      const first = run(given).quotes.map(({ id }) => id);
      const closedPools = [...(given.limits.closedPools ?? [])];
      const taken: string[] = [];
      for (let best = first[0]; best; ) {
        taken.push(best);
        closedPools.push(best);
        best = run({ ...given, limits: { ...given.limits, closedPools } }).quotes[0]?.id;
      }
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.toSorted()).toEqual(first.toSorted());
    });
  });

  it('never quotes a price that is none, and never drops its pool', () => {
    const junk = fc.constantFrom(Number.NaN, 0, -1, '0.1', 'n/a', undefined) as fc.Arbitrary<number>;
    fc.assert(
      fc.property(cases, junk, (given, usdPerHour) => {
        const prices = given.prices.map((row) => ({ ...row, usdPerHour }));
        const { quotes, rejected } = run({ ...given, prices });
        expect(quotes.filter(({ pool }) => pool.market === 'spot')).toEqual([]);
        expect(quotes.length + rejected.length).toBe(given.pools.length);
        const kinds = rejected.map(({ kind }) => kind === 'price');
        expect(kinds).toEqual(kinds.toSorted());
      }),
    );
  });
});

describe('a price that rises', () => {
  const factor = fc.double({ min: 1, max: 3, noNaN: true });

  /** Calls `holds` with both rankings and the one whose price rose. */
  function checkRise(holds: (before: readonly Quote[], after: readonly Quote[], id: string, given: Case) => void) {
    fc.assert(
      fc.property(cases, fc.nat(), factor, (given, which, by) => {
        const raised = given.prices[which % Math.max(1, given.prices.length)];
        if (!raised) return;
        const usdPerHour = raised.usdPerHour * by;
        const prices = given.prices.map((row) => (row === raised ? { ...row, usdPerHour } : row));
        const id = poolId({ ...raised, market: 'spot' });
        holds(run(given).quotes, run({ ...given, prices }).quotes, id, given);
      }),
      { numRuns: 300 },
    );
  }

  it('never ranks its pool better, nor makes it cheaper', () => {
    checkRise((before, after, id, given) => {
      const [old, now] = [before, after].map((quotes) => quotes.find((quote) => quote.id === id));
      if (!old || !now) return expect(now).toBeUndefined();
      expect(now.usd).toBeGreaterThanOrEqual(old.usd);
      // Only pools of its own tier stand before it, and none of them left: it can only fall behind them.
      expect(tierOf(now, given.limits)).toBe('a');
      expect(after.indexOf(now)).toBeGreaterThanOrEqual(before.indexOf(old));
    });
  });

  it('changes no other pool but that of the type in any zone', () => {
    checkRise((before, after, id) => {
      const instanceType = id.split('/')[1];
      const others = (quotes: readonly Quote[]) =>
        quotes
          .filter((quote) => quote.id !== id && quote.id !== `any/${instanceType}/spot`)
          .map(({ id, usdPerImage }) => [id, usdPerImage] as const);
      expect(Object.fromEntries(others(after))).toEqual(Object.fromEntries(others(before)));
    });
  });

  it('does the same on demand', () => {
    fc.assert(
      fc.property(cases, instanceType, factor, (given, type, by) => {
        const only: Case = { ...given, pools: allPools, limits: { onDemand: 'only' }, scores: [] };
        const onDemandPrices = outlookOf().onDemandPrices.map((row) =>
          row.instanceType === type ? { ...row, usdPerHour: row.usdPerHour * by } : row,
        );
        const place = (quotes: readonly Quote[]) => quotes.findIndex(({ pool }) => pool.instanceType === type);
        const [before, after] = [run(only).quotes, run(only, { onDemandPrices }).quotes];
        expect(place(after)).toBeGreaterThanOrEqual(place(before));
        expect(after[place(after)]?.usd ?? 0).toBeGreaterThanOrEqual(before[place(before)]?.usd ?? 0);
      }),
    );
  });
});
