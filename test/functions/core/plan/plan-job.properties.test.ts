import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../../../functions/core/errors.ts';
import type { Job } from '../../../../functions/core/input/job.ts';
import type { PoolRecord } from '../../../../functions/core/learn/learned.ts';
import { instanceTypes } from '../../../../functions/core/market/instance-types.ts';
import type { QuotaRoom, SpotPrice } from '../../../../functions/core/market/outlook.ts';
import { listPools, poolId } from '../../../../functions/core/market/pools.ts';
import { type Plan, planJob } from '../../../../functions/core/plan/plan-job.ts';
import { aBigRecipe, aJob, aPrice, images, outlookOf } from '../../../fakes/builders.ts';

const zones = ['use1-az1', 'use1-az2'];
const types = ['g4dn.xlarge', 'g6.xlarge', 'g6e.2xlarge'];
const pools = listPools(zones, types);
const many = [images(1200, aBigRecipe()), images(400)].map((list) =>
  list.map(({ recipe }, seed) => ({ hash: `${recipe.model} ${seed}`, recipe: { ...recipe, seed } })),
);

interface Case {
  readonly counts: readonly number[];
  readonly prices: readonly SpotPrice[];
  readonly records: readonly PoolRecord[];
  readonly quotas: readonly QuotaRoom[];
  readonly job: Partial<Job>;
  readonly shardSeconds?: number;
}

const price = fc.record({
  azId: fc.constantFrom(...zones),
  instanceType: fc.constantFrom(...types),
  usdPerHour: fc.double({ min: 0.05, max: 3, noNaN: true }),
});
const record = fc.record({
  pool: fc.constantFrom(...pools.map(poolId)),
  hours: fc.nat(20),
  losses: fc.nat(20),
  refusals: fc.nat(5),
  successes: fc.nat(5),
});
const room = fc.record({
  code: fc.constant('L-3819A6DF'),
  name: fc.constant('All G and VT Spot Instance Requests'),
  have: fc.nat(200),
  others: fc.nat(60),
});
const cases = fc.record<Case>(
  {
    counts: fc.tuple(fc.integer({ min: 1, max: 1200 }), fc.nat(400)),
    prices: fc.array(price, { maxLength: 6 }),
    records: fc.uniqueArray(record, { selector: (row) => row.pool, maxLength: 6 }),
    quotas: fc.array(room, { maxLength: 1 }),
    job: fc.record({
      onDemand: fc.constantFrom('never', 'fallback', 'only'),
      mode: fc.constantFrom('run', 'plan'),
      sameGpu: fc.boolean(),
    }),
    shardSeconds: fc.integer({ min: 1, max: 3600 }),
  },
  { requiredKeys: ['counts', 'prices', 'records', 'quotas', 'job'] },
);

const imagesOf = ({ counts }: Case) => many.flatMap((list, index) => list.slice(0, counts[index]));

function check(holds: (plan: Plan, given: Case) => void) {
  fc.assert(
    fc.property(cases, (given) => {
      const { prices, records, quotas, job, shardSeconds } = given;
      const outlook = outlookOf({ spotPrices: [aPrice(), ...prices], records, quotas });
      let plan: Plan;
      try {
        plan = planJob(aJob(job), imagesOf(given), { pools, outlook, shardSeconds });
      } catch (error) {
        // Only a quota without room for one instance may keep it from being planned.
        expect(error).toBeInstanceOf(NoEligiblePool);
        expect(job.mode === 'run' && quotas.some(({ have = 0 }) => have < 8)).toBe(true);
        return;
      }
      holds(plan, given);
    }),
    { numRuns: 60 },
  );
}

describe('planJob, for any job, prices, ledger and quota', () => {
  it('cuts shards that hold every image once, 200 at most', () => {
    check(({ shards, pilots }, given) => {
      const hashes = shards.flatMap((shard) => shard.images.map(({ hash }) => hash));
      expect(hashes.toSorted()).toEqual(
        imagesOf(given)
          .map(({ hash }) => hash)
          .toSorted(),
      );
      expect(shards.length - pilots.length).toBeLessThanOrEqual(200);
      expect(shards.map(({ shard }) => shard)).toEqual([...shards.keys()]);
      for (const { model, images: part } of shards) {
        expect(part.every(({ recipe }) => recipe.model === model)).toBe(true);
      }
    });
  });

  it('runs one shard at once at least, 40 at most, and no more than the quota of the pool allows', () => {
    check(({ concurrency, shards, ranked }, { quotas }) => {
      expect(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 40).toBe(true);
      expect(concurrency).toBeLessThanOrEqual(shards.length);
      const [quota] = quotas;
      const [, type, market] = ranked[0]?.pool.split('/') ?? [];
      const vcpus = instanceTypes.find(({ name }) => name === type)?.vcpus ?? 0;
      if (!quota || market !== 'spot' || concurrency === 1) return;
      expect(concurrency * vcpus).toBeLessThanOrEqual((quota.have ?? 0) - (quota.others ?? 0));
    });
  });

  it('never costs less nor is ready sooner in bad luck than expected', () => {
    check(({ costUsd, readySeconds }) => {
      expect(costUsd.p50).toBeGreaterThan(0);
      expect(costUsd.p90).toBeGreaterThanOrEqual(costUsd.p50);
      expect(readySeconds.p50).toBeGreaterThan(0);
      expect(readySeconds.p90).toBeGreaterThanOrEqual(readySeconds.p50);
      expect(Number.isFinite(costUsd.p90) && Number.isFinite(readySeconds.p90)).toBe(true);
    });
  });

  it('advises what is more than there is, each quota once', () => {
    check(({ advice }) => {
      for (const { have, need } of advice) expect(need).toBeGreaterThan(have);
      expect(new Set(advice.map(({ code }) => code)).size).toBe(advice.length);
    });
  });
});
