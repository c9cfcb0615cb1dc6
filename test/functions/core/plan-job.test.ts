import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../../functions/core/errors.ts';
import { findInstanceType } from '../../../functions/core/instance-types.ts';
import type { Job } from '../../../functions/core/job.ts';
import { mostConcurrent, planJob } from '../../../functions/core/plan-job.ts';
import { listPools } from '../../../functions/core/pools.ts';
import { extrasUsdPerHour, quoteWork } from '../../../functions/core/quote.ts';
import { describeWork } from '../../../functions/core/work.ts';
import { aBigRecipe, aJob, aPrice, images } from '../../fakes/builders.ts';

const types = ['g4dn.xlarge', 'g6.xlarge', 'g6e.xlarge'];
const prices = [
  aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.2 }),
  aPrice({ usdPerHour: 0.3 }),
  aPrice({ instanceType: 'g6e.xlarge', usdPerHour: 1 }),
];
const options = { pools: listPools(['use1-az1'], types), prices, shardSeconds: 600 };
const big = (count: number) =>
  images(count, aBigRecipe()).map((image, seed) => ({ ...image, hash: `${seed}`.padStart(64, '0') }));
const plan = (count: number, job: Partial<Job> = {}, over: Partial<typeof options> = {}) =>
  planJob(aJob({ images: count, ...job }), big(count), { ...options, ...over });
const quoteFor = (count: number, instanceType: string, usdPerHour: number) => {
  const work = describeWork(big(count).map((image) => image.recipe));
  const type = findInstanceType(instanceType);
  const quote = work && type && quoteWork(work, { azId: 'use1-az1', instanceType, market: 'spot' }, type, usdPerHour);
  if (!quote) throw new Error('Expected a quote');
  return quote;
};

describe('planJob', () => {
  it('quotes the cheapest pool for one image, and another for five thousand', () => {
    expect(plan(1).ranked[0]?.pool).toBe('use1-az1/g4dn.xlarge/spot');
    expect(plan(5000).ranked[0]?.pool).toBe('use1-az1/g6.xlarge/spot');
  });

  it('costs one quote where there is one shard', () => {
    expect(plan(10)).toMatchObject({ shards: { length: 1 }, concurrency: 1 });
    expect(plan(10).costUsd.p50).toBeCloseTo(quoteFor(10, 'g4dn.xlarge', 0.2).usd, 6);
  });

  it('adds one start and half a shard for a loss', () => {
    const { startSeconds, seconds } = quoteFor(10, 'g4dn.xlarge', 0.2);
    const { p50, p90 } = plan(10).costUsd;
    const usdPerSecond = 0.2 / 3600;
    const loss = usdPerSecond * (startSeconds + (seconds - startSeconds) / 2);
    expect((p90 - p50) / loss).toBeGreaterThan(1);
    expect((p90 - p50) / loss).toBeLessThan(1.12);
  });

  it('counts half of what a shard renders as lost', () => {
    const { p50, p90 } = plan(300, {}, { shardSeconds: 6000 }).costUsd;
    const { startSeconds, seconds } = quoteFor(300, 'g6.xlarge', 0.3);
    const loss = (0.3 / 3600) * (startSeconds + (seconds - startSeconds) / 2);
    expect((p90 - p50) / loss).toBeGreaterThan(1);
    expect((p90 - p50) / loss).toBeLessThan(1.12);
  });

  it('compares with the cheapest image on demand, whatever the job allows', () => {
    const { costUsd } = plan(10);
    expect(costUsd.onDemand).toBeGreaterThan(costUsd.p50);
    expect(plan(10, { onDemand: 'only' }).costUsd).toMatchObject({ onDemand: costUsd.onDemand, p50: costUsd.onDemand });
    expect(plan(10, { maxUsdPerHour: 0.25 }).costUsd.onDemand).toBe(costUsd.onDemand);
  });

  it('cuts shards of about ten minutes by the speed of the best pool', () => {
    // 14 steps/s: 336 images of 25 steps in 600 s.
    expect(plan(5000).shards).toHaveLength(15);
    expect(plan(5000, {}, { shardSeconds: 300 }).shards).toHaveLength(30);
  });

  it('renders the shards at once, 40 at most', () => {
    expect(plan(5000).concurrency).toBe(15);
    expect(plan(5000, {}, { shardSeconds: 100 }).concurrency).toBe(mostConcurrent);
    expect(mostConcurrent).toBe(40);
  });

  it('is ready after the start and one shard, or as many rounds as it takes', () => {
    const { startSeconds, seconds } = quoteFor(5000, 'g6.xlarge', 0.3);
    const one = startSeconds + (seconds - startSeconds) / 15;
    expect(plan(5000).readySeconds).toEqual({ p50: Math.round(one), p90: Math.round(2 * one) });
    const rounds = plan(5000, {}, { shardSeconds: 100 });
    const part = startSeconds + (seconds - startSeconds) / rounds.shards.length;
    expect(rounds.readySeconds.p50).toBe(Math.round(part * Math.ceil(rounds.shards.length / 40)));
  });

  it('names the type only where the job wants the same GPU', () => {
    expect(plan(5000, { sameGpu: true }).instanceType).toBe('g6.xlarge');
    expect(plan(5000).instanceType).toBe('');
  });

  it('keeps the limits of the job and says what they reject', () => {
    const found = plan(5000, { maxUsdPerHour: 0.25 });
    expect(found.ranked.map((row) => row.pool)).toEqual(['use1-az1/g4dn.xlarge/spot', 'any/g4dn.xlarge/spot']);
    expect(found.rejected).toContainEqual({
      id: 'use1-az1/g6.xlarge/spot',
      reason: 'costs $0.3000/h, `maxUsdPerHour` is $0.2500',
    });
  });

  it('lists at most 20 rejected pools', () => {
    const pools = listPools(
      Array.from({ length: 30 }, (_, index) => `z${index}`),
      ['g6.xlarge'],
    );
    expect(plan(1, { onDemand: 'fallback' }, { pools }).rejected).toHaveLength(20);
  });

  it('plans each model of a mixed job by itself', () => {
    const mixed = [...big(10), ...images(10)];
    const both = planJob(aJob({ images: 20 }), mixed, options);
    expect(both.shards.map((shard) => [shard.model, shard.images.length])).toEqual([
      ['sd-1.5', 10],
      ['tiny', 10],
    ]);
    const tiny = planJob(aJob(), images(10), options);
    expect(both.costUsd.p50).toBeCloseTo(plan(10).costUsd.p50 + tiny.costUsd.p50, 5);
    expect(both.costUsd.onDemand).toBeCloseTo(plan(10).costUsd.onDemand + tiny.costUsd.onDemand, 5);
  });

  it('refuses what no pool can render, each pool with its reason', () => {
    const refused = () => plan(3, { maxUsdPerHour: 0.1 });
    expect(refused).toThrow(NoEligiblePool);
    expect(refused).toThrow(
      /^No pool can render 3 images of `sd-1.5`\. any\/g4dn\.xlarge\/on-demand: `onDemand` is `never`; /,
    );
    expect(refused).toThrow(/use1-az1\/g6\.xlarge\/spot: costs \$0\.3000\/h, `maxUsdPerHour` is \$0\.1000/);
  });

  it('says that no pool is configured', () => {
    expect(() => plan(3, {}, { pools: [] })).toThrow('No pool can render 3 images of `sd-1.5`. No pool is configured.');
  });

  it('refuses images of a model that nobody knows', () => {
    expect(() => planJob(aJob(), images(1, { model: 'new' }), options)).toThrow(NoEligiblePool);
  });

  it('counts the volume and address of each further start', () => {
    const { shards, costUsd } = plan(5000, {}, { shardSeconds: 100 });
    const quote = quoteFor(5000, 'g6.xlarge', 0.3);
    const start = ((0.3 + extrasUsdPerHour) * quote.startSeconds) / 3600;
    expect(costUsd.p50).toBeCloseTo(quote.usd + (shards.length - 1) * start, 5);
  });

  it('with `sameGpu` takes a type that fits every model of the job', () => {
    const large = images(1, aBigRecipe({ model: 'sdxl', width: 2048, height: 2048, scheduler: 'euler' }));
    const { instanceType } = planJob(aJob({ sameGpu: true }), [...images(1), ...large], options);
    expect(findInstanceType(instanceType)?.vramGib).toBeGreaterThan(18.5);
  });
});
