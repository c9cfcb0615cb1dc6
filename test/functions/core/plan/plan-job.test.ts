import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../../../functions/core/errors.ts';
import type { Job } from '../../../../functions/core/input/job.ts';
import { findInstanceType } from '../../../../functions/core/market/instance-types.ts';
import { listPools } from '../../../../functions/core/market/pools.ts';
import { requestsUsdPerImage } from '../../../../functions/core/pick/cost-model.ts';
import { isRejected, type Quote, quoteWork } from '../../../../functions/core/pick/quote.ts';
import { assumedLoadSeconds } from '../../../../functions/core/pick/speed.ts';
import { slowSeconds } from '../../../../functions/core/pick/spread.ts';
import { describeWork } from '../../../../functions/core/pick/work.ts';
import { mostConcurrent, type PlanOptions, planJob } from '../../../../functions/core/plan/plan-job.ts';
import { aBigRecipe, aJob, aPrice, images, outlookOf } from '../../../fakes/builders.ts';

const types = ['g4dn.xlarge', 'g6.xlarge', 'g6e.xlarge'];
/** Measured often enough: nothing is left of the listed speeds, and nothing to find out. */
const speeds = [6.9, 14, 40].map((stepsPerSecond, index) => ({
  model: 'sd-1.5',
  size: '512x512',
  instanceType: types[index] ?? '',
  secondsPerStep: 1 / stepsPerSecond,
  loadSeconds: assumedLoadSeconds(2.1),
  weight: 3,
}));
const spotPrices = [
  aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.2 }),
  aPrice({ usdPerHour: 0.3 }),
  aPrice({ instanceType: 'g6e.xlarge', usdPerHour: 1 }),
];
const outlook = outlookOf({ spotPrices, speeds });
const options: PlanOptions = { pools: listPools(['use1-az1'], types), outlook, shardSeconds: 600 };
const big = (count: number) =>
  images(count, aBigRecipe()).map((image, seed) => ({ ...image, hash: `${seed}`.padStart(64, '0') }));
const plan = (count: number, job: Partial<Job> = {}, over: Partial<PlanOptions> = {}) =>
  planJob(aJob({ images: count, ...job }), big(count), { ...options, ...over });
const quoteFor = (count: number, instanceType: string, known = outlook) => {
  const work = describeWork(big(1).map((image) => image.recipe));
  const pool = { azId: 'use1-az1', instanceType, market: 'spot' } as const;
  const quote = work && quoteWork({ ...work, images: count }, pool, known);
  if (!quote || isRejected(quote)) throw new Error('Expected a quote');
  return quote;
};
/** Seconds by which start and images take longer in one of ten cases. */
const slower = (quote: Quote) => slowSeconds(quote).start + slowSeconds(quote).render - quote.seconds;

describe('the pools of a plan', () => {
  it('begin with another for one image than for five thousand', () => {
    expect(plan(1).ranked[0]?.pool).toBe('use1-az1/g4dn.xlarge/spot');
    expect(plan(5000).ranked[0]?.pool).toBe('use1-az1/g6.xlarge/spot');
  });

  it('keep the limits of the job, and what they reject is said', () => {
    const found = plan(5000, { maxUsdPerHour: 0.25 });
    expect(found.ranked.map((row) => row.pool)).toEqual(['use1-az1/g4dn.xlarge/spot', 'any/g4dn.xlarge/spot']);
    expect(found.rejected).toContainEqual({
      kind: 'limit',
      id: 'use1-az1/g6.xlarge/spot',
      reason: 'costs $0.3000/h, `maxUsdPerHour` is $0.2500',
    });
    // Two types in the zone and in any zone, three types on demand.
    expect(found.rejectedCount).toBe(7);
  });

  it('are listed five at most, and twenty of the rejected, with their number', () => {
    const zones = Array.from({ length: 30 }, (_, index) => `z${index}`);
    const found = plan(1, { onDemand: 'fallback' }, { pools: listPools(zones, ['g6.xlarge']) });
    expect(found.rejected).toHaveLength(20);
    expect(found.rejectedCount).toBe(30);
    expect(plan(1, { onDemand: 'fallback' }).ranked).toHaveLength(5);
  });

  it('are one type only where the job wants the same GPU', () => {
    expect(plan(5000, { sameGpu: true }).instanceType).toBe('g6.xlarge');
    expect(plan(5000).instanceType).toBe('');
  });

  it('are with `sameGpu` of a type that fits every model of the job', () => {
    const large = images(1, aBigRecipe({ model: 'sdxl', width: 2048, height: 2048, scheduler: 'euler' }));
    const { instanceType } = planJob(aJob({ sameGpu: true }), [...images(1), ...large], options);
    expect(findInstanceType(instanceType)?.vramGib).toBeGreaterThan(18.5);
  });

  it.each([
    [
      'closed for all jobs',
      { closedForAll: [{ pool: 'use1-az1/g4dn.xlarge/spot', until: '2026-11-23T22:10:00.000Z' }] },
    ],
    ['idle', { idle: [{ pool: 'use1-az1/g6.xlarge/spot', secondsLeft: 300 }] }],
  ])('are the same whatever is %s for some minutes: a plan is about hours', (_, over) => {
    const { ranked, costUsd } = plan(1, {}, { outlook: { ...outlook, ...over } });
    expect({ ranked, costUsd }).toEqual({ ranked: plan(1).ranked, costUsd: plan(1).costUsd });
  });
});

describe('the cost of a plan', () => {
  it('is one quote where there is one shard', () => {
    expect(plan(10)).toMatchObject({ shards: { length: 1 }, concurrency: 1 });
    expect(plan(10).costUsd.p50).toBeCloseTo(quoteFor(10, 'g4dn.xlarge').usd, 6);
  });

  it('is that of every shard, each with its start and its idle tail', () => {
    const { shards, costUsd } = plan(5000);
    // 14 steps/s: 336 images of 25 steps in 600 s.
    expect(shards).toHaveLength(15);
    const { startSeconds } = quoteFor(1, 'g6.xlarge');
    const seconds = 15 * (startSeconds + 300) + (5000 * 25) / 14;
    expect(costUsd.p50).toBeCloseTo((0.316 * seconds) / 3600 + 5000 * requestsUsdPerImage, 5);
  });

  it('is that of the pool that is the best for a shard, which need not be the best for all of it', () => {
    const found = plan(5000, {}, { shardSeconds: 100 });
    const count = found.shards.length;
    expect(found.ranked[0]?.pool).toBe('use1-az1/g4dn.xlarge/spot');
    // Which sizes it, too: 27 images at 6.9 steps/s, not 56 at 14.
    expect(count).toBe(Math.ceil(5000 / 27));
    // After the first forty each finds an instance that idles: 10 s instead of 210 s, and one idle tail less.
    const saved = (0.216 * (count - 40) * (200 + 300)) / 3600;
    expect(found.costUsd.p50).toBeCloseTo(quoteFor(5000 / count, 'g4dn.xlarge').usd * count - saved, 5);
  });

  it('is in bad luck that of slow starts and images', () => {
    const { p50, p90 } = plan(10).costUsd;
    // 263 s at 0.3 losses an hour: nine of ten jobs lose nothing.
    expect(p90 - p50).toBeCloseTo((0.216 * slower(quoteFor(10, 'g4dn.xlarge'))) / 3600, 5);
  });

  it('is in bad luck that of two losses, where one is expected: each a start and half an image', () => {
    const quote = quoteFor(5000 / 15, 'g6.xlarge');
    expect((quote.lossesPerHour * quote.seconds * 15) / 3600).toBeCloseTo(1.03, 2);
    const again = 2 * (quote.startSeconds + quote.secondsPerImage / 2);
    const { p50, p90 } = plan(5000).costUsd;
    expect(p90 - p50).toBeCloseTo((0.316 * (15 * slower(quote) + again)) / 3600, 5);
  });

  it('is compared with the cheapest image on demand, whatever the job allows', () => {
    const { costUsd } = plan(10);
    expect(costUsd.onDemand).toBeGreaterThan(costUsd.p50);
    expect(plan(10, { onDemand: 'only' }).costUsd).toMatchObject({ onDemand: costUsd.onDemand, p50: costUsd.onDemand });
    expect(plan(10, { maxUsdPerHour: 0.25 }).costUsd.onDemand).toBe(costUsd.onDemand);
    // Fifteen shards: 0.8048 USD/h for an L4.
    const seconds = 15 * (quoteFor(1, 'g6.xlarge').startSeconds + 300) + (5000 * 25) / 14;
    expect(plan(5000).costUsd.onDemand).toBeCloseTo((0.8208 * seconds) / 3600 + 5000 * requestsUsdPerImage, 5);
  });

  it('is with pilots theirs and that of the rest', () => {
    const unlearned = outlookOf({ spotPrices });
    const { pilots, shards, ranked, costUsd } = plan(5000, {}, { outlook: unlearned });
    const lent = pilots.reduce((sum, pilot) => sum + pilot.images, 0);
    const parts = shards.length - pilots.length;
    expect(lent).toBeGreaterThan(0);
    const type = ranked[0]?.pool.split('/')[1] ?? '';
    const usd = pilots.reduce((sum, pilot) => sum + pilot.usd, 0);
    expect(costUsd.p50).toBeCloseTo(usd + parts * quoteFor((5000 - lent) / parts, type, unlearned).usd, 4);
  });

  it('is that of each model of a mixed job', () => {
    const both = planJob(aJob({ images: 20 }), [...big(10), ...images(10)], options);
    expect(both.shards.map((shard) => [shard.model, shard.images.length])).toEqual([
      ['sd-1.5', 10],
      ['tiny', 10],
    ]);
    const tiny = planJob(aJob(), images(10), options);
    expect(both.costUsd.p50).toBeCloseTo(plan(10).costUsd.p50 + tiny.costUsd.p50, 5);
    expect(both.costUsd.p90).toBeCloseTo(plan(10).costUsd.p90 + tiny.costUsd.p90, 5);
    expect(both.costUsd.onDemand).toBeCloseTo(plan(10).costUsd.onDemand + tiny.costUsd.onDemand, 5);
  });
});

describe('the shards of a plan', () => {
  it('render as long as they are told, by the speed of the best pool', () => {
    // 14 steps/s: 336 images of 25 steps in 600 s.
    expect(plan(5000).shards).toHaveLength(15);
  });

  it('are as long as start and losses of the best pool say where nobody tells', () => {
    const found = plan(20_000, {}, { shardSeconds: undefined });
    const { startSeconds } = quoteFor(1, 'g6.xlarge');
    const size = Math.floor(Math.sqrt((2 * startSeconds * 3600) / 0.3) / (25 / 14));
    // 1,000 images at most, 2,333 s by Young's rule: 1,306.
    expect(size).toBe(1306);
    expect(found.shards).toHaveLength(20);
    // An hour to the deadline: half of it less the start.
    const readyBy = '2026-11-23T23:00:00.000Z';
    const short = Math.floor((1800 - startSeconds) / (25 / 14));
    expect(plan(20_000, { readyBy }, { shardSeconds: undefined }).shards).toHaveLength(Math.ceil(20_000 / short));
  });

  it('are rendered at once, 40 at most', () => {
    expect(plan(5000).concurrency).toBe(15);
    expect(plan(5000, {}, { shardSeconds: 100 }).concurrency).toBe(mostConcurrent);
    expect(mostConcurrent).toBe(40);
  });

  it('are ready after one round, or after as many as it takes', () => {
    const quote = quoteFor(5000 / 15, 'g6.xlarge');
    // In bad luck slow, and in the last round one more start and an image.
    const mishap = quote.startSeconds + quote.secondsPerImage;
    expect(plan(5000).readySeconds).toEqual({
      p50: Math.round(quote.expectedSeconds),
      p90: Math.round(quote.seconds + slower(quote) + mishap),
    });
    const { shards, readySeconds } = plan(5000, {}, { shardSeconds: 100 });
    const part = quoteFor(5000 / shards.length, 'g4dn.xlarge');
    expect(shards.length).toBeGreaterThan(80);
    const after = Math.ceil(shards.length / 40) - 1;
    expect(readySeconds.p50).toBe(Math.round(part.expectedSeconds + after * (part.expectedSeconds - 200)));
  });
});

describe('what can’t be planned', () => {
  it('is what no pool can render, each pool with its reason', () => {
    const refused = () => plan(3, { maxUsdPerHour: 0.1 });
    expect(refused).toThrow(NoEligiblePool);
    expect(refused).toThrow(
      /^No pool can render 3 images of `sd-1.5`\. any\/g4dn\.xlarge\/on-demand: `onDemand` is `never`; /,
    );
    expect(refused).toThrow(/use1-az1\/g6\.xlarge\/spot: costs \$0\.3000\/h, `maxUsdPerHour` is \$0\.1000/);
  });

  it('is what no type can render, with the same reasons where one GPU is wanted', () => {
    const huge = images(1, aBigRecipe({ model: 'sdxl', width: 8192, height: 8192 }));
    const refused = () => planJob(aJob({ sameGpu: true }), [...images(1), ...huge], options);
    expect(refused).toThrow(/use1-az1\/g6\.xlarge\/spot: needs .* GiB of GPU memory, has 22/);
    expect(refused).not.toThrow(/sameGpu/);
  });

  it('is a job without pools', () => {
    expect(() => plan(3, {}, { pools: [] })).toThrow('No pool can render 3 images of `sd-1.5`. No pool is configured.');
  });

  it('is a model that nobody knows', () => {
    const unknown = () => planJob(aJob(), images(1, { model: 'new' }), options);
    expect(unknown).toThrow(NoEligiblePool);
    expect(unknown).toThrow('Expected images of a known model, got none.');
  });

  it('is a job for which no type is known', () => {
    const empty = () => plan(3, {}, { outlook: { ...outlook, types: [] } });
    expect(empty).toThrow(NoEligiblePool);
    expect(empty).toThrow('use1-az1/g6.xlarge/spot: an instance type that is not in the table');
  });
});
