import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../../../functions/core/errors.ts';
import { listPools } from '../../../../functions/core/market/pools.ts';
import { planParts } from '../../../../functions/core/parts/plan-parts.ts';
import { planJob } from '../../../../functions/core/plan/plan-job.ts';
import { aBigRecipe, aJob, aPrice, images, outlookOf } from '../../../fakes/builders.ts';

const pools = listPools(['use1-az1'], ['g6.xlarge']);
const outlook = outlookOf({ spotPrices: [aPrice()] });
const sample = images(500, aBigRecipe());
const plan = (over: Parameters<typeof aJob>[0] = {}, some = sample) =>
  planParts(aJob({ images: 3000, parts: 6, models: ['sd-1.5'], ...over }), some, { pools, outlook });

describe('planParts', () => {
  it('costs and takes what its parts do, one after another', () => {
    const one = planJob(aJob({ images: 500 }), sample, { pools, outlook });
    const all = plan();
    expect(all.costUsd.p50).toBeCloseTo(6 * one.costUsd.p50, 4);
    expect(all.costUsd.p90).toBeCloseTo(6 * one.costUsd.p90, 4);
    expect(all.readySeconds.p90).toBe(6 * one.readySeconds.p90);
    expect(all.costUsd.onDemand).toBeCloseTo(6 * one.costUsd.onDemand, 4);
    expect(all.readySeconds.p50).toBe(6 * one.readySeconds.p50);
    expect(all).toMatchObject({ parts: 6, shards: [], pilots: [], concurrency: one.concurrency });
    expect(all.gaps[0]).toBe('Planned by a sample of 500 images: the job is rendered in 6 parts, one after another.');
  });

  it('says so where it takes longer than an execution may', () => {
    const long = plan({ images: 3_000_000 });
    const days = Math.ceil(long.readySeconds.p50 / 86_400);
    expect(days).toBeGreaterThan(7);
    expect(long.gaps[1]).toBe(
      `It takes about ${days} days, and an execution ends after 7. To fix: raise the quota, or split the prompts file.`,
    );
    expect(long.gaps.slice(2)).toEqual(plan().gaps.slice(1));
    expect(plan().gaps.join()).not.toContain('days');
  });

  it('gives each part its share of the time', () => {
    const at = (seconds: number) => new Date(Date.parse(aJob().startedAt) + seconds * 1000).toISOString();
    const tight = planJob(aJob({ images: 500, readyBy: at(2000) }), sample, { pools, outlook });
    expect(plan({ readyBy: at(12_000) }).costUsd.p50).toBeCloseTo(6 * tight.costUsd.p50, 4);
  });

  it('refuses what no pool can render', () => {
    expect(() => plan({ maxUsdPerHour: 0.01 })).toThrow(NoEligiblePool);
  });
});
