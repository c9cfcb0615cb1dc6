import { describe, expect, it } from 'vitest';
import type { LearnedSpeed } from '../../../../functions/core/learn/learned.ts';
import { instanceTypes } from '../../../../functions/core/market/instance-types.ts';
import { emptyOutlook, type Outlook } from '../../../../functions/core/market/outlook.ts';
import { listPools, type Pool } from '../../../../functions/core/market/pools.ts';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import { rankPools } from '../../../../functions/core/pick/rank-pools.ts';
import { findPilots, pilotImages, planPilots } from '../../../../functions/core/plan/pilots.ts';
import { aPrice, aQuote, aWork } from '../../../fakes/builders.ts';

const names = ['g4dn.xlarge', 'g5.xlarge'];
const zones = ['use1-az1', 'use1-az2'];

/** Both an hour at $0.2: by the listed speeds a T4 renders at a third of an A10G's speed. */
const outlook = (speeds: readonly LearnedSpeed[] = []): Outlook => ({
  ...emptyOutlook,
  types: instanceTypes,
  spotPrices: names.flatMap((instanceType) => zones.map((azId) => ({ azId, instanceType, usdPerHour: 0.2 }))),
  speeds,
});

const learned = (instanceType: string, secondsPerStep: number, weight: number): LearnedSpeed => {
  return { model: 'sd-1.5', size: '512x512', instanceType, secondsPerStep, loadSeconds: 17, weight };
};

function pilots(speeds: readonly LearnedSpeed[], images = 5000): readonly string[] {
  const work = aWork({ images });
  const { quotes } = rankPools(work, listPools(zones, names), outlook(speeds), { onDemand: 'never' });
  return findPilots(work, quotes, outlook(speeds)).map((quote) => quote.pool.instanceType);
}

describe('pilots', () => {
  it('are types that would be the cheapest if their listed speed were three times too slow, once each', () => {
    expect(pilots([learned('g5.xlarge', 0.06, 3)])).toEqual(['g4dn.xlarge']);
  });

  it('are none of the measured ones', () => {
    expect(pilots([learned('g5.xlarge', 0.06, 3), learned('g4dn.xlarge', 0.14, 3)])).toEqual([]);
  });

  it('end with the first attempt where that leaves no hope', () => {
    expect(pilots([learned('g5.xlarge', 0.06, 3), learned('g4dn.xlarge', 0.14, 1)])).toEqual([]);
  });

  it('are none where no speed could make up for the price', () => {
    expect(pilots([learned('g5.xlarge', 0.02, 3)])).toEqual([]);
  });
});

describe('the pilots of a job', () => {
  const fast = [learned('g5.xlarge', 0.06, 3)];

  function plan(images: number) {
    const work = aWork({ images });
    const { quotes } = rankPools(work, listPools(zones, names), outlook(fast), { onDemand: 'never' });
    return { jobUsd: quotes[0]?.usd ?? 0, pilots: planPilots(work, quotes, outlook(fast), 1) };
  }

  it('are quoted for sixteen images each, and cost a fifth of the job at most', () => {
    const { jobUsd, pilots: found } = plan(5000);
    expect(found.map((quote) => quote.pool.instanceType)).toEqual(['g4dn.xlarge']);
    const [pilot] = found;
    expect(pilot?.seconds).toBeCloseTo((pilot?.startSeconds ?? 0) + pilotImages * (pilot?.secondsPerImage ?? 0), 9);
    expect(pilot?.usd).toBeLessThan(0.2 * jobUsd);
  });

  it('are none for a job that they would make dear', () => {
    const { jobUsd, pilots: found } = plan(200);
    expect(found).toEqual([]);
    const least = plan(5000).pilots[0]?.usd ?? 0;
    expect(least).toBeGreaterThan(0.2 * jobUsd);
  });
});

describe('the hope for a pool', () => {
  /** 200 s of start, so that a listed speed three times too slow leaves (200 + 1000 / 3) / 1200 of what it costs. */
  const quote = (name: string, gpu: string, usd: number, over: Partial<Pool> = {}): Quote =>
    aQuote({
      pool: { azId: 'use1-az1', instanceType: name, market: 'spot', ...over },
      gpu,
      usd,
      startSeconds: 200,
      seconds: 1200,
    });
  const best = quote('g5.xlarge', 'A10G', 0.1);
  const find = (...others: readonly Quote[]) =>
    findPilots(aWork(), [best, ...others], outlook()).map(({ pool, usd }) => `${pool.instanceType} ${usd}`);
  const even = (0.1 * 1200) / (200 + 1000 / 3);

  it('is what it would cost with a listed speed three times too slow', () => {
    expect(find(quote('g4dn.xlarge', 'T4', even - 0.0001))).toHaveLength(1);
    expect(find(quote('g4dn.xlarge', 'T4', even + 0.0001))).toEqual([]);
  });

  it('orders them: the most hopeful first, one for each GPU, none with the GPU of the best', () => {
    expect(
      find(
        quote('g6.xlarge', 'L4', 0.2),
        quote('g4dn.xlarge', 'T4', 0.15),
        quote('g4dn.2xlarge', 'T4', 0.16),
        quote('g5.2xlarge', 'A10G', 0.12),
      ),
    ).toEqual(['g4dn.xlarge 0.15', 'g6.xlarge 0.2']);
  });

  it('is for single zones of the same market', () => {
    expect(find(quote('g6.xlarge', 'L4', 0.15, { azId: 'any' }))).toEqual([]);
    expect(find(quote('g6.xlarge', 'L4', 0.15, { market: 'on-demand' }))).toEqual([]);
  });

  it('is none without a pool', () => {
    expect(findPilots(aWork(), [], outlook())).toEqual([]);
    expect(planPilots(aWork(), [], outlook(), 1)).toEqual([]);
  });

  it('is paid for as far as a fifth of the job goes: the second only with what the first leaves', () => {
    const three = { ...outlook(), spotPrices: [...outlook().spotPrices, aPrice({ usdPerHour: 0.2 })] };
    const work = aWork({ images: 400 });
    const { quotes } = rankPools(work, listPools(['use1-az1'], [...names, 'g6.xlarge']), three, { onDemand: 'never' });
    const both = planPilots(work, quotes, three, 1000);
    expect(both.length).toBe(2);
    const [first, second] = both.map(({ usd }) => usd);
    const shardsFor = (usd: number) => usd / (0.2 * (quotes[0]?.usd ?? 0));
    const needed = shardsFor((first ?? 0) + (second ?? 0));
    expect(planPilots(work, quotes, three, needed * 1.001)).toHaveLength(2);
    expect(planPilots(work, quotes, three, needed * 0.999)).toHaveLength(1);
  });
});
